import BidualModels
import BidualPolars

/// The state of a search of cones in a form for checkpoints.
struct ConeSearchDocument: Codable, Sendable {
  private struct Value: Codable, Sendable {
    var value: Double
    var direction: [Double]
    var sign: Double
  }

  private let subject: UInt64
  private let generators: PackedNumbers<Double>
  private let bounds: PackedNumbers<Double>
  private let depths: PackedNumbers<UInt8>
  private let sides: PackedNumbers<UInt8>
  /// The bounds of what is settled and of what lies around violators.
  private let levels: PackedNumbers<Double>
  private let nodes: Int
  private let found: [Value]
  private let places: PackedNumbers<Double>?

  /// The document of a state.
  init(_ state: ConeSearchState) {
    subject = state.subject
    generators = PackedNumbers(state.cones.generators)
    bounds = PackedNumbers(state.cones.bounds)
    depths = PackedNumbers(state.cones.depths)
    sides = PackedNumbers(state.cones.sides)
    levels = PackedNumbers([state.settled, state.violated])
    nodes = state.nodes
    found = state.found.map { Value(value: $0.value, direction: $0.direction, sign: $0.sign) }
    places = state.places.map(PackedNumbers.init)
  }

  /// The state; whether its cones are those of the data's space the search finds out.
  ///
  /// - Throws: `DataError` of kind `badData` for numbers that are none of a search.
  func state(path: String) throws(DataError) -> ConeSearchState {
    let values = levels.numbers
    guard values.count == 2, values.allSatisfy({ $0.isFinite && $0 >= 0 }), (0..<(1 << 60)).contains(nodes),
      found.allSatisfy({
        $0.value.isFinite && $0.direction.allSatisfy(\.isFinite) && abs($0.sign) == 1
      })
    else { throw .noSearch(path) }
    var state = ConeSearchState(
      subject: subject,
      cones: .init(
        generators: generators.numbers, bounds: bounds.numbers, depths: depths.numbers, sides: sides.numbers))
    (state.settled, state.violated, state.nodes) = (values[0], values[1], nodes)
    state.found = found.map { PolarMaximizer(direction: $0.direction, sign: $0.sign, value: $0.value) }
    state.places = places?.numbers
    return state
  }
}
