import Bidual

/// The raw numbers of an instance as networks of one problem see them, and objectives recomputed from them.
struct Evidence {
  /// The rows that count, after the preprocessing that the model states.
  let rows: [[Double]]
  let targets: [Double]
  let weights: [Double]
  let outputs: Int
  let beta: Double
  let norm: FirstLayerNorm
  let loss: IntervalLoss

  /// What a trained model says of the problem, with the instance's data.
  init(_ instance: Instance, model: Model) {
    let dataset = instance.dataset
    let all = dataset.weights ?? Array(repeating: 1, count: dataset.samples)
    let kept = all.indices.filter { all[$0] > 0 }
    let standardization = model.preprocessing.standardization
    rows = kept.map { i in
      var row = Array(dataset.features.row(i))
      if let standardization {
        for k in row.indices { row[k] = (row[k] - standardization.means[k]) / standardization.scales[k] }
      }
      return model.preprocessing.bias ? row + [1] : row
    }
    outputs = dataset.outputs
    targets = kept.flatMap { dataset.targets[($0 * dataset.outputs)..<(($0 + 1) * dataset.outputs)] }
    // Interpolation counts no sample more than another.
    weights = kept.map { model.loss == "interpolation" ? 1 : all[$0] }
    beta = model.beta
    norm = instance.training.norm
    loss = IntervalLoss(name: model.loss, parameter: model.lossParameter ?? 0)
  }

  private func places(_ i: Int) -> Range<Int> { (i * outputs)..<((i + 1) * outputs) }

  /// Σ ωᵢℓ(f(xᵢ), yᵢ) + β·penalty; nil for a kind of network that is not known here.
  func objective(_ network: any Network) -> Interval? {
    IntervalNetwork(network, rows: rows, norm: norm).map { known in
      weights.indices.map { i in
        Interval(weights[i]) * loss.value(known.predictions[places(i)], targets[places(i)])
      }.sum + Interval(beta) * known.penalty
    }
  }

  /// The dual objective −Σωℓ*(−sV/ω, y); nil where sV is surely outside the conjugate's domain.
  func dual(_ dualPoint: [Double], scale: Double) -> Interval? {
    let scaled = dualPoint.map { Interval(-scale) * Interval($0) }
    var sum = Interval.zero
    for i in weights.indices {
      guard let term = loss.conjugate(scaled[places(i)], targets[places(i)], weight: weights[i]) else {
        return nil
      }
      sum = sum - term
    }
    return sum
  }

  /// Whether ⟨V, b⟩ is surely 0 for every offset b, and each sample's entries add up to nothing where the loss wants it.
  func annihilatesOffsets(_ dualPoint: [Double]) -> Bool {
    (0..<outputs).allSatisfy { c in
      ExactSum(stride(from: c, to: dualPoint.count, by: outputs).map { dualPoint[$0] }).isZero
    }
  }

  /// Whether softmax rows of a dual point have sum 0.
  func hasBalancedRows(_ dualPoint: [Double]) -> Bool {
    weights.indices.allSatisfy { ExactSum(dualPoint[places($0)]).isZero }
  }

  /// Whether a network is a witness against κ(V) ≤ `polar`: ⟨V, f⟩ is at most κ(V) times its penalty.
  func refutes(_ polar: Double, of dualPoint: [Double], by network: any Network) -> Bool {
    guard polar < .infinity, let known = IntervalNetwork(network, rows: rows, norm: norm) else {
      return false
    }
    let reached = zip(dualPoint, known.responses).map { Interval($0) * $1 }.sum.magnitude
    return reached.lower > (Interval(polar) * known.penalty).upper
  }
}
