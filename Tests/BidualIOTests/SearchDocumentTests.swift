import BidualModels
import BidualPolars
import Foundation
import Testing

@testable import BidualIO

/// Searches that are kept in files.
@Suite struct SearchDocumentTests {
  private func state() throws -> BoxSearchState {
    let boxes = try #require(
      Boxes(
        Boxes.Numbers(
          axes: 2, bounds: [1.5, 1.25, .leastNonzeroMagnitude, 0], marks: [0, 1, 255, 2, 0, 1],
          centers: [0, -(1 << 29), 3, 1 << 20], depths: [0, 1, 29, 10])))
    var state = BoxSearchState(subject: .max, boxes: boxes, threshold: 0.1, told: 2)
    (state.settled, state.violated, state.nodes, state.refutedAt) = (0.3, 0, 77, 5)
    state.found = [BoxValue(value: 0.2, direction: [1, 0, 0], side: 1)]
    state.best = BoxValue(value: 0.7, direction: [0, 0.5, -1], side: 0)
    state.division = [1, 2, 3]
    return state
  }

  private func json(_ document: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(document), as: UTF8.self)
  }

  @Test func statesAreReadAsTheyWereWritten() throws {
    let state = try state()
    let text = try json(BoxSearchDocument(state))
    let read = try JSONDecoder().decode(BoxSearchDocument.self, from: Data(text.utf8)).state(path: "run.json")
    #expect(try json(BoxSearchDocument(read)) == text)
    #expect(read.boxes.numbers.bounds == state.boxes.numbers.bounds)
    #expect(read.boxes.numbers.centers == state.boxes.numbers.centers)
    #expect(read.best?.direction == [0, 0.5, -1] && read.found.count == 1 && read.division == [1, 2, 3])
    #expect(read.subject == .max && read.threshold == 0.1 && read.settled == 0.3 && read.refutedAt == 5)
  }

  private func cones() -> ConeSearchState {
    var state = ConeSearchState(
      subject: .max,
      cones: .init(generators: [1, 0, 0, .leastNonzeroMagnitude], bounds: [1.5], depths: [240], sides: [1]))
    (state.settled, state.violated, state.nodes) = (0.3, 0.1, 77)
    state.found = [PolarMaximizer(direction: [1, -0.5], sign: -1, value: 0.2)]
    state.places = [1, 2, 3]
    return state
  }

  /// A document of either kind is told by its fields.
  @Test func conesAreReadAsTheyWereWritten() throws {
    let text = try json(SearchDocument(.cones(cones())))
    let read = try JSONDecoder().decode(SearchDocument.self, from: Data(text.utf8))
    guard case .cones(let state) = try read.state(path: "run.json") else {
      Issue.record("no cones")
      return
    }
    #expect(try json(SearchDocument(.cones(state))) == text)
    #expect(state.cones.generators == [1, 0, 0, .leastNonzeroMagnitude] && state.cones.sides == [1])
    #expect(state.found == cones().found && state.places == [1, 2, 3] && state.violated == 0.1)
    let boxes = try json(SearchDocument(.boxes(self.state())))
    let other = try JSONDecoder().decode(SearchDocument.self, from: Data(boxes.utf8))
    #expect(try json(other) == boxes)
  }

  @Test(arguments: [
    ("\"nodes\":77", "\"nodes\":-1"), ("\"sign\":-1", "\"sign\":2"),
    ("\"levels\":\"", "\"levels\":\"AAAAAAAAAAA"),
  ]) func damagedConesAreFound(what: String, with damage: String) throws {
    let text = try json(SearchDocument(.cones(cones())))
    #expect(text.contains(what))
    let damaged = Data(text.replacing(what, with: damage).utf8)
    #expect(throws: (any Error).self) {
      try JSONDecoder().decode(SearchDocument.self, from: damaged).state(path: "run.json")
    }
  }

  /// Behind the seal, numbers that make no search are refused.
  @Test(arguments: [
    ("\"axes\":2", "\"axes\":3"), ("\"axes\":2", "\"axes\":-1"),
    ("\"axes\":2", "\"axes\":9223372036854775807"), ("\"nodes\":77", "\"nodes\":-1"),
    ("\"nodes\":77", "\"nodes\":9223372036854775807"),
    ("\"refutedAt\":5", "\"refutedAt\":9223372036854775807"), ("\"side\":1", "\"side\":2"),
    ("[1,0,0]", "[1,0]"), ("\"depths\":\"", "\"depths\":\"AAAA"), ("\"marks\":\"", "\"marks\":\"AAAA"),
  ]) func damageIsFound(what: String, with damage: String) throws {
    let text = try json(BoxSearchDocument(state()))
    #expect(text.contains(what))
    let damaged = text.replacing(what, with: damage)
    let document = try JSONDecoder().decode(BoxSearchDocument.self, from: Data(damaged.utf8))
    let error = #expect(throws: DataError.self) { try document.state(path: "run.json") }
    #expect(
      error?.description == "run.json: the numbers are no search of this proof; start afresh")
  }

  @Test func halfANumberIsNone() {
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode([PackedNumbers<Double>].self, from: Data("[\"AAAA\"]".utf8))
    }
  }
}
