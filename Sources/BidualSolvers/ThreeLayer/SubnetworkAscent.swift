import BidualLinear
import BidualModels
import BidualPolars

/// Ascents of what a sub-network's atom takes against a dual point, f(W)/N(W), in all its weights: local maxima, and no
/// proof.
///
/// For wⱼ = |aⱼ|uⱼ the length N(W) = Σⱼ‖wⱼ‖ is the least value of ½Σⱼ(‖uⱼ‖² + aⱼ²), so that the quotient by the latter is a
/// smooth function of (u, a) but for kinks, which a quasi-Newton method with a weak Wolfe search can bear.
struct SubnetworkAscent: PieceAscent, DirectionAscent {
  let pieces: SubnetworkPieces
  let threads: Int
  let isCancelled: @Sendable () -> Bool
  private let steps = 60
  private var design: Matrix { pieces.design }

  func maxima(of dualPoint: [Double], from starts: Matrix, above threshold: Double, limit: Int)
    -> [PieceMaximum<SubnetworkPieces.Piece>]
  {
    var seen: Set<SubnetworkPieces.Piece> = []
    return climb(dualPoint, from: points(starts)).filter { $0.value > threshold }
      .sorted { $0.value > $1.value }.filter { seen.insert($0.piece).inserted }.prefix(limit).map(\.self)
  }

  func climb(_ dualPoint: [Double], from points: [PolarMaximizer]) -> [PieceMaximum<SubnetworkPieces.Piece>] {
    climbed(dualPoint, from: points).map { end in
      let part = Part(sign: end.sign, vector: end.direction, family: end.family)
      return PieceMaximum(piece: pieces.piece(of: part), value: end.value, direction: end.direction)
    }
  }

  func maxima(of dualPoint: [Double], from starts: Matrix) -> [PolarMaximizer] {
    climbed(dualPoint, from: points(starts)).sorted { $0.value > $1.value }
  }

  /// Each start for both signs of the atom, with units that add or subtract as the families have it in turn: an ascent may
  /// change that.
  private func points(_ starts: Matrix) -> [PolarMaximizer] {
    let families = Array(SubnetworkSigns.families(width: pieces.units))
    return (0..<starts.rows).flatMap { start in
      [1.0, -1].map {
        PolarMaximizer(
          direction: Array(starts.row(start)), sign: $0, value: 0, family: families[start % families.count])
      }
    }
  }

  /// The ends of ascents; those from the first starts are taken at any time.
  func climbed(_ dualPoint: [Double], from points: [PolarMaximizer]) -> [PolarMaximizer] {
    concurrentMap(points.count, threads: threads) { index, _ -> PolarMaximizer? in
      index >= 8 && isCancelled() ? nil : climbed(dualPoint, from: points[index])
    }.compactMap(\.self)
  }

  private func climbed(_ dualPoint: [Double], from point: PolarMaximizer) -> PolarMaximizer {
    let (m, r) = (pieces.units, design.columns)
    var values = point.direction
    for j in 0..<m {
      let length = norm(values[(j * r)..<((j + 1) * r)])
      let root = max(length, 1e-3).squareRoot()
      for k in (j * r)..<((j + 1) * r) { values[k] /= root }
      values.append(SubnetworkSigns.sign(of: j, family: point.family) * max(length, 1e-3) / root)
    }
    let signed = dualPoint.map { point.sign * $0 }
    var method = LimitedMemoryDescent()
    method.maximumSteps = steps
    method.memory = 8
    method.leastProgress = 1e-9
    _ = method.minimize(&values) { values, gradient in -quotient(values, signed, gradient: &gradient) }
    return end(of: values, signed, sign: point.sign)
  }

  /// The sub-network of the weights, its units in a fixed order; one whose units all add is the best of its neurons.
  private func end(of values: [Double], _ signed: [Double], sign: Double) -> PolarMaximizer {
    let (m, r) = (pieces.units, design.columns)
    var (adding, subtracting): ([[Double]], [[Double]]) = ([], [])
    for j in 0..<m {
      let weight = values[m * r + j]
      let unit = values[(j * r)..<((j + 1) * r)].map { abs(weight) * $0 }
      if weight > 0 { adding.append(unit) } else { subtracting.append(unit) }
    }
    let zero = [Double](repeating: 0, count: r)
    func maximizer(_ adding: [[Double]], _ subtracting: [[Double]]) -> PolarMaximizer {
      func sorted(_ units: [[Double]]) -> [[Double]] { units.sorted { $0.lexicographicallyPrecedes($1) } }
      let padding = Array(repeating: zero, count: m - adding.count - subtracting.count)
      var vector = (sorted(adding) + padding + sorted(subtracting)).flatMap(\.self)
      let family = m - max(subtracting.count, m > 1 ? 1 : 0)
      let length = subnetworkLength(vector, units: m)
      if length > 0 { for k in vector.indices { vector[k] /= length } }
      let inputs = pieces.inputs(of: Part(sign: sign, vector: vector, family: family))
      let value = inputs.indices.reduce(0) { $0 + signed[$1] * max(inputs[$1], 0) }
      return PolarMaximizer(direction: vector, sign: sign, value: value, family: family)
    }
    guard subtracting.isEmpty, m > 1 else { return maximizer(adding, subtracting) }
    return adding.map { maximizer([$0], [zero]) }.max { $0.value < $1.value } ?? maximizer([], [zero])
  }

  /// Σᵢ vᵢ(Σⱼ aⱼ(xᵢᵀuⱼ)₊)₊/(½Σ(‖uⱼ‖² + aⱼ²)); its negative gradient overwrites `gradient`.
  private func quotient(_ values: [Double], _ signed: [Double], gradient: inout [Double]) -> Double {
    let (n, m, r) = (design.rows, pieces.units, design.columns)
    let length = 0.5 * BLAS.dot(values.count, values, values)
    guard length > 0 else { return 0 }
    var sum = 0.0
    var heights = [Double](repeating: 0, count: n * m)
    BLAS.gemm(transposeB: true, m: n, n: m, k: r, a: design.elements, b: values, c: &heights)
    values.withUnsafeBufferPointer { values in
      gradient.withUnsafeMutableBufferPointer { gradient in
        heights.withUnsafeMutableBufferPointer { heights in
          guard
            let (inner, slopes) = values.baseAddress.flatMap({ values in
              gradient.baseAddress.map { (values + m * r, $0) }
            })
          else { return }
          for j in 0..<m { slopes[m * r + j] = 0 }
          // Heights become what they are worth.
          for i in 0..<n {
            let row = heights.baseAddress! + i * m
            var input = 0.0
            for j in 0..<m { input += inner[j] * max(row[j], 0) }
            let worth = input > 0 ? signed[i] : 0
            sum += worth * input
            for j in 0..<m {
              let height = row[j]
              slopes[m * r + j] -= worth * max(height, 0)
              row[j] = height > 0 ? worth * inner[j] : 0
            }
          }
        }
      }
    }
    BLAS.gemm(
      transposeA: true, m: m, n: r, k: n, alpha: -1, a: heights, b: design.elements, c: &gradient)
    for k in gradient.indices { gradient[k] = gradient[k] / length + sum / (length * length) * values[k] }
    return sum / length
  }
}
