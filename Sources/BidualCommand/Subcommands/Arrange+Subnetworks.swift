import Bidual

extension Arrange {
  /// The patterns of both layers: all of them, or those of random sub-networks.
  func reportSubnetworks(_ design: Matrix, _ arrangement: Arrangement) throws {
    let width = width ?? 2
    guard let draws else {
      do {
        return try report(SubnetworkCount(design, units: width, limit: limit), width: width)
      } catch ArrangementError.tooManyChambers {
        throw DataError(
          .badData,
          "\(data.data): both layers together have more than \(limit) patterns; raise --limit, or count those of some "
            + "random sub-networks by --sample N")
      }
    }
    let seed = seed ?? 0
    do {
      try report(
        SubnetworkSample(design, units: width, draws: draws, seed: seed),
        SampleSettings(draws: draws, seed: seed, width: width),
        bound: SubnetworkCount.bound(
          samples: arrangement.rowCount, rank: arrangement.rank, units: width,
          firstLayer: CoverCount.estimate(
            hyperplanes: arrangement.hyperplaneCount, rank: arrangement.rank)))
    } catch let error as PatternError {
      throw DataError(.badData, "\(data.data): \(error)")
    }
  }

  private struct SampleSettings {
    let draws: Int
    let seed: UInt64
    let width: Int
  }

  private struct SampleReport: Encodable {
    let firstLayer: Int
    let choices: Int
    let pairs: Int
    let secondLayer: Int
    let bound: Double?
    let width: Int
    let draws: Int
    let seed: UInt64
    let isFromBelow = true
  }

  private func report(_ sample: SubnetworkSample, _ settings: SampleSettings, bound: Double) throws {
    let pairs = sample.subnetworks.count
    guard json else {
      Console.print("\(sample.secondLayer)")
      return Console.note(
        "second-layer patterns of \(settings.draws) random sub-networks, counted from below, of at most "
          + "\(Figures.short(bound)); they have \(sample.firstLayer) first-layer patterns in \(sample.choices) choices of "
          + "\(settings.width) with signs: \(pairs) groups of the program")
    }
    try JSONReport.print(
      SampleReport(
        firstLayer: sample.firstLayer, choices: sample.choices, pairs: pairs,
        secondLayer: sample.secondLayer, bound: bound.isFinite ? bound : nil, width: settings.width,
        draws: settings.draws, seed: settings.seed))
  }

  private struct SubnetworkReport: Encodable {
    let firstLayer: Int
    let choices: Int
    let pairs: Int
    let secondLayer: Int
    let bound: Double
    let width: Int
  }

  private func report(_ count: SubnetworkCount, width: Int) throws {
    guard json else {
      Console.print("\(count.secondLayer)")
      return Console.note(
        "second-layer patterns, of at most \(Figures.short(count.bound)); \(count.firstLayer) first-layer patterns make "
          + "\(count.choices) choices of \(width) with signs, each with up to \(count.largest) second-layer patterns: "
          + "\(count.pairs) groups of the program")
    }
    try JSONReport.print(
      SubnetworkReport(
        firstLayer: count.firstLayer, choices: count.choices, pairs: count.pairs,
        secondLayer: count.secondLayer, bound: count.bound, width: width))
  }
}
