import BidualModels
import BidualPolars

/// The state of a search of boxes in a form for checkpoints.
struct BoxSearchDocument: Codable, Sendable {
  private struct Value: Codable, Sendable {
    var value: Double
    var direction: [Double]
    var side: Int
  }

  private let subject: UInt64
  private let axes: Int
  /// Two bounds a box.
  private let bounds: PackedNumbers<Double>
  /// Face, side and next axis of each box.
  private let marks: PackedNumbers<UInt8>
  private let centers: PackedNumbers<Int32>
  private let depths: PackedNumbers<UInt8>
  /// The bounds of what is settled and of what was set aside, the threshold, and what was told last.
  private let levels: PackedNumbers<Double>
  private let nodes: Int
  private let refutedAt: Int?
  private let found: [Value]
  private let best: Value?
  private let division: PackedNumbers<Double>?

  /// The document of a state.
  init(_ state: BoxSearchState) {
    let boxes = state.boxes.numbers
    subject = state.subject
    axes = boxes.axes
    bounds = PackedNumbers(boxes.bounds)
    marks = PackedNumbers(boxes.marks)
    centers = PackedNumbers(boxes.centers)
    depths = PackedNumbers(boxes.depths)
    levels = PackedNumbers([state.settled, state.violated, state.threshold, state.told])
    nodes = state.nodes
    refutedAt = state.refutedAt
    found = state.found.map(Self.value)
    best = state.best.map(Self.value)
    division = state.division.map(PackedNumbers.init)
  }

  /// The state.
  ///
  /// - Throws: `DataError` of kind `badData` for numbers that are none of a search.
  func state(path: String) throws(DataError) -> BoxSearchState {
    let values = levels.numbers
    guard values.count == 4, values.allSatisfy({ $0.isFinite && $0 >= 0 }), (0..<(1 << 60)).contains(nodes),
      (0...nodes).contains(refutedAt ?? 0), (0...Int(UInt8.max)).contains(axes),
      (found + (best.map { [$0] } ?? [])).allSatisfy({
        $0.value.isFinite && $0.direction.count == axes + 1 && $0.direction.allSatisfy(\.isFinite)
          && (0...1).contains($0.side)
      }),
      let boxes = Boxes(
        Boxes.Numbers(
          axes: axes, bounds: bounds.numbers, marks: marks.numbers, centers: centers.numbers,
          depths: depths.numbers))
    else {
      throw .noSearch(path)
    }
    var state = BoxSearchState(subject: subject, boxes: boxes, threshold: values[2], told: values[3])
    (state.settled, state.violated) = (values[0], values[1])
    (state.nodes, state.refutedAt) = (nodes, refutedAt)
    state.found = found.map(Self.value)
    state.best = best.map(Self.value)
    state.division = division?.numbers
    return state
  }

  private static func value(_ value: BoxValue) -> Value {
    Value(value: value.value, direction: value.direction, side: value.side)
  }

  private static func value(_ value: Value) -> BoxValue {
    BoxValue(value: value.value, direction: value.direction, side: value.side)
  }
}
