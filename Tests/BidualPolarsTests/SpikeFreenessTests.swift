import BidualLinear
import Testing

@testable import BidualPolars

@Suite struct SpikeFreenessTests {
  private func check(_ witness: SpikeWitness, _ design: Matrix) {
    var value = 0.0
    var gradient = [Double](repeating: 0, count: design.columns)
    for i in 0..<design.rows {
      value += witness.weights[i] * max(0, dot(design.row(i), witness.direction))
      for k in 0..<design.columns { gradient[k] += witness.weights[i] * design[i, k] }
    }
    let excess = value / (norm(witness.direction) * norm(gradient))
    #expect(witness.excess > 1 && excess >= witness.excess * (1 - 1e-9))
  }

  /// The criterion in integers: distinct rays by exact proportionality, then signs of det and adjugate.
  private func exact(_ rows: [[Int]]) -> Bool {
    func gcd(_ a: Int, _ b: Int) -> Int { b == 0 ? abs(a) : gcd(b, a % b) }
    var rays: [[Int]] = []
    for row in rows {
      let divisor = row.reduce(0, gcd)
      guard divisor > 0 else { continue }
      let ray = row.map { $0 / divisor }
      if !rays.contains(ray) { rays.append(ray) }
    }
    let gram = rays.map { a in rays.map { b in zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } } }
    func determinant(_ a: [[Int]]) -> Int {
      if a.isEmpty { return 1 }
      return a.indices.reduce(0) { sum, j in
        let minor = a.dropFirst().map { row in row.indices.filter { $0 != j }.map { row[$0] } }
        return sum + (j % 2 == 0 ? 1 : -1) * a[0][j] * determinant(minor)
      }
    }
    guard determinant(gram) > 0 else { return rays.isEmpty }
    for i in gram.indices {
      for j in 0..<i {
        let minor = gram.indices.filter { $0 != i }.map { a in
          gram.indices.filter { $0 != j }.map { gram[a][$0] }
        }
        if ((i + j) % 2 == 0 ? 1 : -1) * determinant(minor) > 0 { return false }
      }
    }
    return true
  }

  /// Every tiny world is decided, and as exact arithmetic decides it.
  @Test(arguments: 1...4, 1...4) func integerWorldsAreDecidedExactly(rows: Int, features: Int) {
    var random = SeededGenerator(seed: UInt64(10 * rows + features))
    var counts = [0, 0]
    for trial in 0..<400 {
      // Non-negative worlds are the ones with a chance.
      let range = trial % 2 == 0 ? 0...2 : -2...2
      let rows = (0..<rows).map { _ in (0..<features).map { _ in Int.random(in: range, using: &random) } }
      let design = Matrix(rows.map { $0.map(Double.init) })
      switch SpikeFreeness(of: design) {
      case .spikeFree(let stretch):
        #expect(exact(rows), "\(rows)")
        #expect(stretch >= 1 && stretch < 1 + 1e-14)
        counts[0] += 1
      case .notSpikeFree(let witness):
        #expect(!exact(rows), "\(rows)")
        check(witness, design)
        counts[1] += 1
      case .undecided: Issue.record("undecided: \(rows)")
      }
    }
    #expect(counts[0] > 0 && (rows == 1 || counts[1] > 0))
  }

  /// The definition itself, by sampling: the shortest u′ with Xu′ = (Xu)₊, from the pseudo-inverse.
  @Test func sampledAtomsAgreeWithTheAnswer() {
    var random = SeededGenerator(seed: 3)
    for trial in 0..<60 {
      let n = 2 + trial % 3
      var g = SpikeFreeDesigns.mMatrix(n, density: 0.7, margin: 0.3, &random)
      let isSpoiled = trial % 2 == 0
      if isSpoiled {
        g[1, 0] = 0.3 * (g[0, 0] * g[1, 1]).squareRoot()
        g[0, 1] = g[1, 0]
      }
      let design = SpikeFreeDesigns.design(inverseGram: g, features: n + trial % 4, &random)
      let answer = SpikeFreeness(of: design)
      let singular = SingularValues(of: design)!
      var longest = 0.0
      for _ in 0..<4000 {
        let u = randomDirection(design.columns, &random)
        let atom = design.times(u).map { max(0, $0) }
        let parts = zip(singular.left.transposedTimes(atom), singular.values).map { $0 / $1 }
        longest = max(longest, norm(parts))
      }
      switch answer {
      case .spikeFree(let stretch):
        #expect(!isSpoiled && stretch < 1 + 1e-9 && longest <= 1 + 1e-9)
      case .notSpikeFree(let witness):
        #expect(isSpoiled && longest > 1)
        check(witness, design)
      case .undecided: Issue.record("undecided")
      }
    }
  }

  @Test(arguments: [1, 2, 10, 60]) func inverseMMatricesAreSpikeFree(n: Int) {
    var random = SeededGenerator(seed: UInt64(n))
    for (density, margin) in [(0.0, 1.0), (0.2, 0.5), (1, 0.01)] {
      let g = SpikeFreeDesigns.mMatrix(n, density: density, margin: margin, &random)
      var design = SpikeFreeDesigns.design(inverseGram: g, features: n + 7, &random)
      // Neither scales nor repetitions nor zero rows matter.
      let scales = (0..<n).map { _ in [1e-6, 0.3, 1, 1e5].randomElement(using: &random)! }
      for i in 0..<n { for k in 0..<(n + 7) { design[i, k] *= scales[i] } }
      let repeated = Matrix(
        rows: 2 * n + 1, columns: n + 7,
        elements: design.elements + [Double](repeating: 0, count: n + 7) + design.elements.map { 0.7 * $0 })
      for design in [design, repeated] {
        guard case .spikeFree(let stretch) = SpikeFreeness(of: design) else {
          Issue.record("n = \(n), density \(density): \(SpikeFreeness(of: design))")
          continue
        }
        #expect(stretch >= 1 && stretch <= 1 + 1e-9)
      }
      guard n > 1 else { continue }
      // An opposite row ends it.
      let opposed = Matrix(
        rows: n + 1, columns: n + 7, elements: design.elements + design.row(n - 1).map { -3 * $0 })
      guard case .notSpikeFree(let witness) = SpikeFreeness(of: opposed) else {
        Issue.record("opposite rows pass")
        continue
      }
      check(witness, opposed)
    }
  }

  /// One positive entry r = Gᵢⱼ/√(GᵢᵢGⱼⱼ): atoms stick out of the ball by 1/√(1 − r²), and no more in two rows.
  @Test(arguments: [1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-8, 1e-12, 0, -1e-12, -1e-3])
  func nearTheBoundary(entry: Double) {
    var random = SeededGenerator(seed: 9)
    for n in [2, 5, 20] {
      var g = Matrix.identity(n)
      g[1, 0] = entry
      g[0, 1] = entry
      let design = SpikeFreeDesigns.design(inverseGram: g, features: n + 1, &random)
      let excess = entry > 0 ? 1 / (1 - entry * entry).squareRoot() : 1
      switch SpikeFreeness(of: design) {
      case .spikeFree(let stretch):
        #expect(entry <= 1e-4 && stretch >= excess * (1 - 1e-15) && stretch <= 1 + 1e-9)
      case .notSpikeFree(let witness):
        #expect(entry >= 1e-5)
        check(witness, design)
        #expect(witness.excess <= excess && witness.excess - 1 > 0.9 * (excess - 1))
      case .undecided: Issue.record("undecided: \(entry)")
      }
      let stretch = SpikeFreePolar(design)!.stretch
      #expect(stretch >= excess * (1 - 1e-15))
      #expect(stretch <= 1 + 2.5 * (excess - 1) + 1e-14, "n = \(n), entry \(entry): \(stretch)")
    }
  }

  /// Dependent rays: too many rows, or rows in a plane.
  @Test func dependentRowsAreNotSpikeFree() {
    var random = SeededGenerator(seed: 11)
    for (n, d) in [(2, 1), (3, 2), (9, 2), (30, 7), (41, 40)] {
      // In the positive orthant, where no pair alone gives it away.
      let design = Matrix(
        rows: n, columns: d, elements: (0..<(n * d)).map { _ in 0.1 + random.nextUniform() })
      guard d > 1 else { continue }
      guard case .notSpikeFree(let witness) = SpikeFreeness(of: design) else {
        Issue.record("\(n)×\(d): \(SpikeFreeness(of: design))")
        continue
      }
      check(witness, design)
    }
    var flat = Matrix(rows: 3, columns: 5, elements: SpikeFreeDesigns.gaussian(15, &random).map(abs))
    for k in 0..<5 { flat[2, k] = flat[0, k] + flat[1, k] }
    guard case .notSpikeFree(let witness) = SpikeFreeness(of: flat) else {
      Issue.record("a sum of two rows passes")
      return
    }
    check(witness, flat)
  }

  /// Nearly dependent rows end in a true answer, never in a false one.
  @Test(arguments: [1e-3, 1e-6, 1e-8, 1e-10, 1e-13, 1e-15]) func nearlyDependentRows(distance: Double) {
    let design = Matrix([[1, 0, 0], [0, 1, 0], [1, 1, distance]])
    // G has a positive entry between the first two rows: 1/distance².
    switch SpikeFreeness(of: design) {
    case .spikeFree: Issue.record("spike-free at \(distance)")
    case .notSpikeFree(let witness): check(witness, design)
    case .undecided: break
    }
  }

  @Test func forgedWitnessesAreRefused() {
    let design = Matrix([[1, 0, 0], [0, 1, 0.5]])
    var random = SeededGenerator(seed: 12)
    for _ in 0..<3000 {
      let u = SpikeFreeDesigns.gaussian(3, &random)
      let c = SpikeFreeDesigns.gaussian(2, &random)
      #expect(SpikeWitness(direction: u, weights: c, design: design) == nil)
    }
    // Equality in real arithmetic is no proof.
    #expect(SpikeWitness(direction: [1, 0, 0], weights: [1, 0], design: design) == nil)
    for bad in [Double.nan, .infinity, 1e308] {
      #expect(SpikeWitness(direction: [bad, 1, 0], weights: [1, 1], design: design) == nil)
      #expect(SpikeWitness(direction: [1, 1, 0], weights: [bad, -1], design: design) == nil)
    }
    #expect(SpikeWitness(direction: [0, 0, 0], weights: [1, 1], design: design) == nil)
  }

  @Test func nothingButZerosIsSpikeFree() {
    #expect(SpikeFreeness(of: Matrix(rows: 3, columns: 2)) == .spikeFree(stretch: 1))
    #expect(SpikeFreeness(of: Matrix(rows: 3, columns: 0)) == .spikeFree(stretch: 1))
    #expect(SpikeFreeness(of: Matrix([[0, 0], [-2, 5], [0, 0], [-4, 10]])) == .spikeFree(stretch: 1))
  }

  /// Pascal matrices LLᵀ have integer inverses: the enclosure holds the exact one.
  @Test(arguments: 1...12) func theEnclosureHoldsExactInverses(order: Int) throws {
    var lower = Matrix(rows: order, columns: order)
    for i in 0..<order {
      for j in 0...i { lower[i, j] = j == 0 || i == j ? 1 : lower[i - 1, j - 1] + lower[i - 1, j] }
    }
    // L⁻¹ is L with alternating signs.
    var inverse = Matrix(rows: order, columns: order)
    for i in 0..<order {
      for j in 0...i { inverse[i, j] = ((i + j) % 2 == 0 ? 1 : -1) * lower[i, j] }
    }
    let exact = inverse.transposedTimes(inverse)
    guard let enclosure = GramInverse(of: lower) else {
      #expect(order > 8, "no enclosure at order \(order)")
      return
    }
    #expect(enclosure.error.isFinite)
    for (entry, truth) in zip(enclosure.inverse.elements, exact.elements) {
      #expect(abs(entry - truth) <= enclosure.error)
    }
    var scaled = lower
    for (i, length) in lower.rowNorms.enumerated() { for k in 0..<order { scaled[i, k] /= length } }
    let values = try #require(SingularValues(of: scaled))
    #expect(enclosure.largestEigenvalue >= values.values[0] * values.values[0] * (1 - 1e-15))
  }
}
