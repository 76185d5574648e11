import Bidual
import BidualPlots

/// The neurons of a two-layer network as conditions on raw features: neuron j begins where wⱼᵀx + cⱼ = 0.
struct HyperplaneRows {
  /// wⱼ, a row a neuron, and cⱼ.
  let slopes: Matrix
  let constants: [Double]

  /// Nil for networks of other kinds.
  init?(_ model: Model) {
    guard let network = model.network.twoLayer, model.preprocessing.whitening == nil else { return nil }
    let d = model.featureNames.count
    var slopes = Matrix(rows: network.neurons, columns: d)
    var constants = [Double](repeating: 0, count: network.neurons)
    for j in 0..<network.neurons {
      for k in 0..<d {
        let scale = model.preprocessing.standardization?.scales[k] ?? 1
        slopes[j, k] = network.hidden[j, k] / scale
        constants[j] -= slopes[j, k] * (model.preprocessing.standardization?.means[k] ?? 0)
      }
      if model.preprocessing.bias { constants[j] += network.hidden[j, d] }
    }
    self.slopes = slopes
    self.constants = constants
  }

  /// The lines of two features within a range of the first.
  func lines(across range: ClosedRange<Double>) -> [[Mark.Point]] {
    constants.indices.map { j in
      let (a, b, c) = (slopes[j, 0], slopes[j, 1], constants[j])
      // Upright lines, or nearly so, are drawn by their place.
      guard abs(b) * (range.upperBound - range.lowerBound) > 1e-9 * abs(a) else {
        return [Mark.Point(-c / a, -1e12), Mark.Point(-c / a, 1e12)]
      }
      return [range.lowerBound, range.upperBound].map { Mark.Point($0, -(a * $0 + c) / b) }
    }
  }
}

extension ReportSection {
  /// The neurons, the weightiest first: what they weigh, which rows they see, and where they begin, in raw units.
  static func neurons(_ model: Model, _ dataset: Dataset) -> ReportSection? {
    guard let network = model.network.twoLayer, let planes = HyperplaneRows(model), network.neurons > 0 else {
      return nil
    }
    let c = network.outputs
    let weights = (0..<network.neurons).map { j in
      norm(Array(network.hidden.row(j))) * norm(Array(network.output[(j * c)..<((j + 1) * c)]))
    }
    let total = weights.reduce(0, +)
    let heights = dataset.features.timesTransposed(planes.slopes)
    let active = (0..<network.neurons).map { j in
      Double((0..<dataset.samples).count { heights[$0, j] + planes.constants[j] > 0 })
        / Double(dataset.samples)
    }
    let order = weights.indices.sorted { (weights[$0], $1) > (weights[$1], $0) }
    let shown = order.prefix(50)
    let names = model.featureNames.prefix(12)
    let rows = shown.map { j in
      [
        "\(j + 1)", Markup.number(100 * weights[j] / max(total, 1e-300), digits: 3),
        Markup.number(100 * active[j], digits: 3),
        (0..<min(c, 4)).map { Markup.number(network.output[j * c + $0]) }.joined(separator: ", "),
        Markup.number(planes.constants[j]),
      ] + names.indices.map { Markup.number(planes.slopes[j, $0]) }
    }
    let rest = network.neurons - shown.count
    return ReportSection(
      heading: "The neurons",
      blocks: [
        .paragraph(
          "Neuron j responds with what is positive of constant + Σ slope · feature, in raw units, and adds its output weight times that. Weight: its share of the penalty, in percent. Active: the share of rows that it sees, in percent."
            + (rest > 0 ? " \(rest) lighter neurons are left out." : "")),
        .table(
          ["neuron", "weight", "active", "output", "constant"] + names.map { Markup.shortened($0, to: 24) },
          rows),
      ],
      data: ["weight": order.map { weights[$0] }, "active": order.map { active[$0] }])
  }
}
