import ArgumentParser
import Bidual

/// `bidual arrange`: the chambers of the data.
struct Arrange: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Count or list the chambers that the samples' hyperplanes cut weight space into.",
    discussion: """
      A chamber is a set of first-layer weights that activate the same samples. --list prints a line a \
      chamber: the activation pattern over the samples, then a weight vector inside the chamber.
      """)

  @OptionGroup var data: DataOptions
  @OptionGroup var columns: ColumnOptions
  @Flag(help: "Print the number of chambers (the default).")
  var count = false
  @Flag(help: "Print every chamber.")
  var list = false
  @Option(
    help: "The layers of the network: 3 counts the patterns of both layers of sub-networks.")
  var layers = 2
  @Option(help: "The units of a sub-network, for three layers (default: 2).")
  var width: Int?
  @Option(
    name: .customLong("sample"),
    help: ArgumentHelp(
      "Draw so many random sub-networks of three layers and count the patterns that they have, from below.",
      valueName: "draws"))
  var draws: Int?
  @Option(help: "The seed of --sample (default: 0).")
  var seed: UInt64?
  @Option(help: "Give up beyond so many chambers.")
  var limit = 10_000_000
  @Flag(help: "Print one JSON object and nothing else.")
  var json = false

  struct Report: Encodable {
    let chambers: Int
    let hyperplanes: Int
    let rank: Int
    let samples: Int
    let generic: Double
  }

  func validate() throws {
    guard !(count && list) else { throw ValidationError("give --count or --list, not both") }
    guard !(json && list) else {
      throw ValidationError("--json goes with --count; --list has a format of its own")
    }
    guard (2...3).contains(layers) else { throw ValidationError("--layers is \(layers); give 2 or 3") }
    guard layers == 2 || !list else { throw ValidationError("--list goes with two layers") }
    if let width {
      guard layers == 3 else { throw ValidationError("--width goes with --layers 3; leave it out") }
      guard width > 0 else { throw ValidationError("--width is \(width); give at least 1") }
    }
    if let draws {
      guard layers == 3 else { throw ValidationError("--sample goes with --layers 3; leave it out") }
      guard draws > 0 else { throw ValidationError("--sample is \(draws); give at least 1") }
    } else if seed != nil {
      throw ValidationError("--seed goes with --sample; leave it out")
    }
    guard limit > 0 else { throw ValidationError("--limit is \(limit); give at least 1") }
  }

  func run() throws {
    try reportingErrors {
      let dataset = try columns.dataset(columns.intake(data), of: data)
      let design = try columns.preprocessing(dataset).design(for: dataset.features)
      do {
        let arrangement = try Arrangement(design)
        if layers == 3 {
          try reportSubnetworks(design, arrangement)
        } else if list {
          let tree = try arrangement.chambers(limit: limit)
          for chamber in 0..<tree.count {
            let pattern = tree.pattern(chamber)
            let bits = (0..<pattern.count).map { pattern[$0] ? "1" : "0" }.joined()
            Console.print(bits + " " + tree.interiorPoint(chamber).map { "\($0)" }.joined(separator: ","))
          }
        } else {
          let chambers = try arrangement.chamberCount(limit: limit)
          let generic = CoverCount.estimate(hyperplanes: arrangement.hyperplaneCount, rank: arrangement.rank)
          let report = Report(
            chambers: chambers, hyperplanes: arrangement.hyperplaneCount, rank: arrangement.rank,
            samples: dataset.samples, generic: generic)
          if json {
            try JSONReport.print(report)
          } else {
            Console.print("\(chambers)")
            Console.note(
              "\(report.hyperplanes) distinct hyperplanes of \(report.samples) samples, rank \(report.rank); "
                + "in general position they would make \(Figures.short(generic)) chambers")
          }
        }
      } catch let error as ArrangementError {
        throw DataError(.badData, "\(data.data): \(error)")
      }
    }
  }
}
