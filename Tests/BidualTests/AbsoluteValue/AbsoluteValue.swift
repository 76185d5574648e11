import Bidual

/// Networks of absolute values, f(x) = b + Σⱼ αⱼ|uⱼᵀx|, under weight decay: an architecture that Bidual does not know, made of
/// this folder alone.
struct AbsoluteValue: Architecture {
  static let name = "absolute"
  var networks: String { "network of absolute values of any width" }

  func atoms(of design: Matrix, outputs: Int) -> any Atoms { AbsoluteAtoms(geometry: Geometry(design)) }

  func constant(inputs: Int, outputs: Int, offsets: [Double]) -> any Network {
    AbsoluteNetwork(hidden: Matrix(rows: 0, columns: inputs), output: [], offset: offsets.first)
  }

  func penalty(of network: any Network) -> Double {
    (network as? AbsoluteNetwork).map { TwoLayer().penalty(of: $0.rectified) / 2 } ?? .infinity
  }

  func enclosure(of network: any Network, over design: Matrix) -> Enclosure? {
    guard let network = network as? AbsoluteNetwork,
      let enclosure = TwoLayer().enclosure(of: network.rectified, over: design)
    else { return nil }
    return Enclosure(
      predictions: enclosure.predictions, errors: enclosure.errors, penalty: enclosure.penalty / 2,
      products: enclosure.products)
  }
}

/// The weights of a network of absolute values.
struct AbsoluteNetwork: Network {
  var hidden: Matrix
  var output: [Double]
  var offset: Double?

  var inputs: Int { hidden.columns }
  var neurons: Int { output.count }
  var outputs: Int { 1 }
  var offsets: [Double] { offset.map { [$0] } ?? [] }
  var weights: [Double] { hidden.elements + output + (offset.map { [$0] } ?? []) }
  func predictions(_ design: Matrix) -> [Double] { rectified.predictions(design) }

  /// The same function with ReLUs, |t| = (t)₊ + (−t)₊.
  var rectified: TwoLayerNetwork {
    TwoLayerNetwork(
      hidden: Matrix(
        rows: 2 * neurons, columns: inputs, elements: hidden.elements + hidden.elements.map { -$0 }),
      output: output + output, offset: offset)
  }
}

/// The atoms |Xu| with ‖u‖ ≤ 1.
struct AbsoluteAtoms: PiecewiseAtoms {
  let geometry: Geometry
  var norm: FirstLayerNorm { .l2 }

  func oracle(threads: Int) -> any PolarOracle { StackedOracle(geometry.coordinates, threads: threads) }

  func polarValue(at dualPoint: [Double], seed: UInt64, threads: Int, stop: StopSignal) -> Double {
    oracle(threads: threads).bound(
      dualPoint, goal: .maximize(relativeTolerance: 1e-6, floor: 0), nodeLimit: 5000
    ).maximizers.first?.value ?? 0
  }

  func responses(to parts: [Part]) -> Matrix {
    var heights = geometry.coordinates.timesTransposed(Matrix(parts.map(\.vector)))
    for i in heights.elements.indices { heights.elements[i] = abs(heights.elements[i]) }
    return heights
  }

  func network(of parts: [Part], offset: Double?) -> any Network {
    let kept = parts.filter { Bidual.norm($0.vector) > 0 }
    let roots = kept.map { Bidual.norm($0.vector).squareRoot() }
    let rows = zip(kept, roots).flatMap { part, root in part.vector.map { $0 / root } }
    return AbsoluteNetwork(
      hidden: geometry.rowSpace.lifted(Matrix(rows: kept.count, columns: geometry.rank, elements: rows)),
      output: zip(kept, roots).map { $0.sign * $1 }, offset: offset)
  }

  func pieces() -> some Pieces { AbsolutePieces(geometry) }
}

/// κ(V) by ReLU atoms over the rows and their opposites, each with the weight of its row.
struct StackedOracle: PolarOracle {
  private let polar: TwoLayerPolar

  init(_ rows: Matrix, threads: Int) {
    polar = TwoLayerPolar(
      Matrix(
        rows: 2 * rows.rows, columns: rows.columns, elements: rows.elements + rows.elements.map { -$0 }),
      threads: threads)
  }

  func bound(
    _ weights: [Double], goal: PolarGoal, nodeLimit: Int, isCancelled: @Sendable () -> Bool,
    progress: (PolarProgress) -> Void
  ) -> PolarBound {
    polar.bound(
      weights + weights, goal: goal, nodeLimit: nodeLimit, isCancelled: isCancelled, progress: progress)
  }
}

/// The chambers of the absolute value: on each, |Xu| = DXu with the rows' signs.
struct AbsolutePieces: ChamberPieces {
  let chambers: Chambers
  fileprivate let design: Matrix

  init(_ geometry: Geometry) {
    chambers = Chambers(geometry.hyperplanes)
    design = geometry.coordinates
  }

  func columns(of piece: ChamberMaximum.Key) -> [Double] {
    let signs = chambers.hyperplanes.activity(piece.sides).map { $0 ? piece.sign : -piece.sign }
    return (0..<design.columns).flatMap { k in signs.indices.map { signs[$0] * design[$0, k] } }
  }

  func ascent(threads: Int, isCancelled: @escaping @Sendable () -> Bool)
    -> any PieceAscent<ChamberMaximum.Key>
  {
    AbsoluteAscent(pieces: self, projection: ConeProjection(unitRows: chambers.hyperplanes.unitRows))
  }
}

/// Ascent by u ← normalise(XᵀD(u)V), and the exact maximum over the chamber where it ends.
struct AbsoluteAscent: PieceAscent {
  let pieces: AbsolutePieces
  let projection: ConeProjection

  func maxima(of dualPoint: [Double], from starts: Matrix, above threshold: Double, limit: Int)
    -> [PieceMaximum<ChamberMaximum.Key>]
  {
    let points = (0..<starts.rows).flatMap { start in
      [1.0, -1].map { sign in
        var direction = Array(starts.row(start))
        for _ in 0..<20 {
          let heights = pieces.design.times(direction)
          let slopes = zip(heights, dualPoint).map { $0 < 0 ? -sign * $1 : sign * $1 }
          let next = pieces.design.transposedTimes(slopes).normalized
          if next.contains(where: { $0 != 0 }) { direction = next }
        }
        return PolarMaximizer(direction: direction, sign: sign, value: 0)
      }
    }
    var seen: Set<ChamberMaximum.Key> = []
    return climb(dualPoint, from: points).filter { $0.value > threshold && seen.insert($0.piece).inserted }
      .sorted { $0.value > $1.value }.prefix(limit).map { $0 }
  }

  func climb(_ dualPoint: [Double], from points: [PolarMaximizer]) -> [PieceMaximum<ChamberMaximum.Key>] {
    points.map { point in
      let piece = pieces.piece(of: Part(sign: point.sign, vector: point.direction))
      let columns = pieces.columns(of: piece)
      let n = dualPoint.count
      let gradient = (0..<pieces.dimension).map { dot(columns[($0 * n)..<(($0 + 1) * n)], dualPoint) }
      let found = projection.project(gradient, signs: piece.sides)
      return PieceMaximum(piece: piece, value: found.value, direction: found.point.normalized)
    }
  }
}
