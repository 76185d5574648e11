import BidualLinear
import Testing

/// Rows of a cone with every degeneracy that data bring.
enum RowKind: CaseIterable, Sendable {
  case random, integers, duplicates, opposites, zeros, nearlyParallel
}

@Suite struct ConeProjectionTests {
  private func cone(_ kind: RowKind, count: Int, rank: Int, _ random: inout SeededGenerator)
    -> (rows: Matrix, signs: [Int8])
  {
    var rows: [[Double]] = []
    var signs: [Int8] = []
    for _ in 0..<count {
      var row = (0..<rank).map { _ in random.nextGaussian() }
      switch kind {
      case .random: break
      case .integers: row = row.map { ($0 * 1.3).rounded() }
      case .duplicates:
        if let old = rows.randomElement(using: &random), Bool.random(using: &random) { row = old }
      case .opposites:
        if let old = rows.randomElement(using: &random), Bool.random(using: &random) { row = old.map { -$0 } }
      case .zeros: if Bool.random(using: &random) { row = row.map { _ in 0 } }
      case .nearlyParallel:
        if let old = rows.randomElement(using: &random), Bool.random(using: &random) {
          row = zip(old, row).map { $0 + 1e-5 * $1 }
        }
      }
      rows.append(row)
      signs.append([-1, 1, 1, 0].randomElement(using: &random)!)
    }
    let elements = Array(rows.joined())
    return (Matrix(rows: count, columns: rank, elements: elements).unitRows, signs)
  }

  /// Moreau: p in the cone, p − g a non-negative combination of the signed rows, p ⟂ p − g.
  @Test(arguments: RowKind.allCases.filter { $0 != .nearlyParallel }) func pointMeetsTheOptimalityConditions(
    kind: RowKind
  ) {
    var random = SeededGenerator(seed: 11)
    for trial in 0..<600 {
      let rank = 1 + trial % 6
      let (rows, signs) = cone(kind, count: Int.random(in: 0...18, using: &random), rank: rank, &random)
      let scale = [1e-6, 1, 1e6][trial % 3]
      let g = (0..<rank).map { _ in scale * random.nextGaussian() }
      let found = ConeProjection(unitRows: rows).project(g, signs: signs)
      let size = naiveNorm(g)
      var rebuilt = g
      for (row, multiplier) in found.active {
        #expect(multiplier >= 0)
        #expect(signs[row] != 0)
        for k in 0..<rank { rebuilt[k] += multiplier * Double(signs[row]) * rows[row, k] }
        let height = naiveDot(Array(rows.row(row)), found.point)
        #expect(abs(height) <= 1e-9 * size, "an active row is not tight")
      }
      #expect(Set(found.active.map(\.row)).count == found.active.count)
      for i in 0..<rows.rows where signs[i] != 0 {
        let height = Double(signs[i]) * naiveDot(Array(rows.row(i)), found.point)
        #expect(height >= -1e-9 * size, "\(kind) trial \(trial): row \(i) is violated by \(height / size)")
      }
      #expect(naiveNorm(zip(rebuilt, found.point).map(-)) <= 1e-10 * size)
      let force = zip(found.point, g).map(-)
      #expect(abs(naiveDot(force, found.point)) <= 1e-10 * size * size)
      #expect(abs(found.value - naiveNorm(found.point)) <= 1e-12 * size)
    }
  }

  /// The value is the largest gᵀu over the cone, so no point of the cone may beat it.
  @Test func valueBoundsEveryPointOfTheCone() {
    var random = SeededGenerator(seed: 12)
    var inside = 0
    for trial in 0..<300 {
      let rank = 2 + trial % 3
      let (rows, signs) = cone(.random, count: 4, rank: rank, &random)
      let g = (0..<rank).map { _ in random.nextGaussian() }
      let found = ConeProjection(unitRows: rows).project(g, signs: signs)
      for _ in 0..<100 {
        let u = (0..<rank).map { _ in random.nextGaussian() }
        let fits = (0..<4).allSatisfy { Double(signs[$0]) * naiveDot(Array(rows.row($0)), u) >= 0 }
        guard fits else { continue }
        inside += 1
        #expect(naiveDot(g, u) <= (found.value + 1e-12) * naiveNorm(u))
      }
    }
    #expect(inside > 1000)
  }

  /// Rows 10⁻⁵ apart cost digits of the point, never validity of the value: the multipliers stay
  /// non-negative, and the value stays that of g plus the push.
  @Test func nearlyParallelRowsCostDigitsOnly() {
    var random = SeededGenerator(seed: 13)
    for trial in 0..<600 {
      let rank = 1 + trial % 6
      let (rows, signs) = cone(.nearlyParallel, count: 12, rank: rank, &random)
      let g = (0..<rank).map { _ in random.nextGaussian() }
      let found = ConeProjection(unitRows: rows).project(g, signs: signs)
      var rebuilt = g
      for (row, multiplier) in found.active {
        #expect(multiplier >= 0)
        for k in 0..<rank { rebuilt[k] += multiplier * Double(signs[row]) * rows[row, k] }
      }
      let push = found.active.reduce(naiveNorm(g)) { $0 + $1.multiplier }
      #expect(naiveNorm(zip(rebuilt, found.point).map(-)) <= 1e-14 * push)
      for i in 0..<rows.rows where signs[i] != 0 {
        let height = Double(signs[i]) * naiveDot(Array(rows.row(i)), found.point)
        #expect(height >= -5e-3 * naiveNorm(g), "trial \(trial): row \(i) is violated by \(height)")
      }
    }
  }

  @Test func coneOfOnePointProjectsToZero() {
    // Three rows with a positive combination that vanishes leave only the origin of the plane.
    let rows = Matrix([[1, 0], [-0.6, 0.8], [-0.6, -0.8]])
    let found = ConeProjection(unitRows: rows).project([3, -7], signs: [1, 1, 1])
    #expect(found.value <= 1e-12)
    let line = ConeProjection(unitRows: Matrix([[0, 1], [0, -1]])).project([3, -7], signs: [1, 1])
    #expect(naiveNorm(zip(line.point, [3, 0]).map(-)) <= 1e-12)
    let free = ConeProjection(unitRows: Matrix(rows: 0, columns: 2)).project([3, -7], signs: [])
    #expect(free.point == [3, -7] && free.active.isEmpty)
    let nothing = ConeProjection(unitRows: rows).project([0, 0], signs: [1, 1, 1])
    #expect(nothing.point == [0, 0] && nothing.value == 0)
  }
}

/// Σ aᵢbᵢ by a loop.
func naiveDot(_ a: [Double], _ b: [Double]) -> Double {
  var sum = 0.0
  for i in a.indices { sum += a[i] * b[i] }
  return sum
}

/// √Σ aᵢ² by a loop.
func naiveNorm(_ a: [Double]) -> Double { naiveDot(a, a).squareRoot() }
