import BidualModels

extension JointDescent.Network: Codable {
  private enum CodingKeys: CodingKey {
    case signs, vectors, offset, objective, dualPoint, predictions
  }

  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    let signs = try values.decode([Double].self, forKey: .signs)
    let vectors = try values.decode([[Double]].self, forKey: .vectors)
    self.init(
      neurons: zip(signs, vectors).map { ($0, $1) }, offset: try values.decode(Double.self, forKey: .offset),
      objective: try values.decode(Double.self, forKey: .objective),
      dualPoint: try values.decode([Double].self, forKey: .dualPoint),
      predictions: try values.decode([Double].self, forKey: .predictions))
  }

  func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(neurons.map(\.sign), forKey: .signs)
    try values.encode(neurons.map(\.vector), forKey: .vectors)
    try values.encode(offset, forKey: .offset)
    try values.encode(objective, forKey: .objective)
    try values.encode(dualPoint, forKey: .dualPoint)
    try values.encode(predictions, forKey: .predictions)
  }

  /// Whether the shapes are those of a network for `problem`.
  func fits(_ problem: TrainingProblem) -> Bool {
    neurons.allSatisfy { $0.vector.count == problem.design.columns && abs($0.sign) == 1 }
      && dualPoint.count == problem.targets.count && predictions.count == problem.targets.count
  }
}
