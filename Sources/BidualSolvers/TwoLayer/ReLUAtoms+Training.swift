import BidualLinear
import BidualModels
import BidualObjectives
import BidualPolars

/// Atoms (Xu)₊ with ‖u‖ ≤ 1, for which closed forms, gradient methods and patterns with cones are made.
package protocol EuclideanReLUAtoms: DecomposableAtoms, RectifiedAtoms, RestrictableAtoms {}

/// Atoms (Xu)₊, whatever norm u is measured by.
package protocol RectifiedAtoms: RayAtoms {}

extension RectifiedAtoms {
  package func responses(to parts: [Part]) -> Matrix {
    geometry.coordinates.rectified(Matrix(parts.map(\.vector)))
  }

  package func network(of parts: [Part], offset: Double?) -> any Network {
    TwoLayerNetwork(parts, space: geometry.rowSpace, offset: offset, norm: norm)
  }
}

extension ReLUAtoms: EuclideanReLUAtoms {
  package var norm: FirstLayerNorm { .l2 }
  package var raysSuffice: Bool { false }

  package func parts(of network: any Network) -> [Part]? {
    TwoLayerNetwork(network, .relu)?.parts(in: geometry.rowSpace)
  }

  package func pieces() -> some Pieces { ReLUPieces(geometry) }

  package func neuronSearch(
    _ problem: TrainingProblem, posed: TrainingProblem, options: WorkingSet.Options,
    isCancelled: @escaping @Sendable () -> Bool
  ) -> NeuronSearch? {
    guard problem.loss.hasSlope else { return nil }
    var search = NeuronSearch(
      problem, atoms: self,
      ascent: NeuronAscent(geometry, threads: options.threads, isCancelled: isCancelled), options: options,
      isCancelled: isCancelled)
    search.ownPatterns = OwnPatterns(posed, reduced: problem, atoms: self, threads: options.threads)
    return search
  }

  /// By the closed form of spike-free designs, and by ascents from many starts otherwise; on small data with a branch and
  /// bound beside them.
  ///
  /// - Complexity: that of one polar, or of some tens of passes over the design for each of up to 256 starts.
  package func polarValue(at dualPoint: [Double], seed: UInt64, threads: Int, stop: StopSignal) -> Double {
    if let polar = geometry.spikeFree, polar.isSpikeFree {
      return polar.bound(dualPoint, goal: .maximize(relativeTolerance: 0, floor: 0)).maximizers.first?.value
        ?? 0
    }
    let coordinates = geometry.coordinates
    var starts = StartingPoints(rank: coordinates.columns, seed: seed)
    let size = coordinates.elements.count
    // The first starts are always climbed from: even a search that is stopped at once tells the scale.
    let first = BatchedAscent(coordinates, threads: threads).maxima(of: dualPoint, from: starts.random(16))
    let others = BatchedAscent(coordinates, threads: threads, isCancelled: { stop.isRaised })
      .maxima(of: dualPoint, from: starts.random(max(16, min(240, 5_000_000 / (size + 1)))))
    let ends = (first + others).sorted { $0.value > $1.value }
    guard size <= 1_000_000 else { return ends.first?.value ?? 0 }
    let ascent = LocalAscent(geometry.hyperplanes, threads: threads, isCancelled: { stop.isRaised })
    func highest(_ points: some Sequence<PolarMaximizer>, above least: Double) -> Double {
      ascent.climb(dualPoint, from: Array(points)).map(\.value).reduce(least, max)
    }
    let best = highest(ends.prefix(8), above: ends.first?.value ?? 0)
    let limit = geometry.quickSearch
    guard limit >= 2000 else { return best }
    // On small data what ascents miss is cheap to find.
    let found = oracle(threads: threads).bound(
      dualPoint, goal: .maximize(relativeTolerance: 1e-9, floor: best * (1 + 1e-9)), nodeLimit: limit,
      isCancelled: { stop.isRaised })
    return highest(found.maximizers.prefix(4), above: best)
  }
}

extension SparseReLUAtoms: RectifiedAtoms {
  package var norm: FirstLayerNorm { .l1 }
  package var raysSuffice: Bool { true }

  package func polarValue(at dualPoint: [Double], seed: UInt64, threads: Int, stop: StopSignal) -> Double {
    let ascent = RayAscent(geometry, norm: .l1, threads: threads)
    var starts = StartingPoints(rank: geometry.rank, seed: seed)
    func highest(from directions: [[Double]]) -> Double {
      ascent.maxima(of: dualPoint, from: directions, above: 0, limit: 1).first?.value ?? 0
    }
    let random = starts.random(64)
    let best = highest(from: (0..<random.rows).map { Array(random.row($0)) })
    let proof = oracle(threads: threads).bound(
      dualPoint, goal: .maximize(relativeTolerance: 1e-9, floor: best * (1 + 1e-9)),
      nodeLimit: geometry.quickSearch, isCancelled: { stop.isRaised })
    return max(best, highest(from: proof.maximizers.prefix(4).map(\.direction)))
  }
}

extension Geometry {
  /// Nodes of a search that is to be quick: one costs at most a pass over the design, so the work is bounded, not the
  /// number of nodes.
  fileprivate var quickSearch: Int { min(50_000, 10_000_000 / (coordinates.elements.count + 1)) }
}

extension Matrix {
  /// (Xv)₊ for vectors v given as rows, one a column.
  fileprivate func rectified(_ vectors: Matrix) -> Matrix {
    var heights = timesTransposed(vectors)
    // Written so that a height that is not a number stays one.
    for i in heights.elements.indices where heights.elements[i] <= 0 { heights.elements[i] = 0 }
    return heights
  }
}

extension TwoLayerNetwork {
  /// The ReLU network of parts in a row space, u = v/√‖v‖ and α = ±√‖v‖ (PE20, Theorem 1), in balance for the norm.
  init(_ parts: [Part], space: RowSpace, offset: Double?, norm: FirstLayerNorm) {
    let kept = parts.filter { BidualLinear.norm($0.vector) > 0 }
    let inputs = space.basis?.rows ?? space.coordinates.columns
    guard !kept.isEmpty else {
      self = .zero(inputs: inputs, offsets: offset.map { [$0] } ?? [])
      return
    }
    let hidden = Matrix(
      kept.map { part in
        let root = norm.length(part.vector).squareRoot()
        return part.vector.map { $0 / root }
      })
    self.init(
      hidden: space.lifted(hidden), output: kept.map { $0.sign * norm.length($0.vector).squareRoot() },
      offset: offset)
  }
}
