import Foundation
import Testing

/// A change to any single entry of the files or the data makes `verify` refuse.
@Suite struct TamperingTests {
  enum Document: String, CaseIterable {
    case model
    case certificate

    var file: String { "\(rawValue).json" }
  }

  /// The altered values that a leaf is replaced by, one at a time.
  static func alterations(of leaf: JSONValue) -> [JSONValue] {
    switch leaf {
    case .null, .array, .object: []
    case .flag(let value): [.flag(!value)]
    case .text(let value): [.text(value + "x"), .text("")]
    case .integer(let value):
      [.integer(value + 1), .number(Double(value) + 1e-3), .number(Double(value) + 1e-9)]
    case .number(let value):
      [.number(value * (1 + 1e-3)), .number(value * (1 - 1e-3)), .number(value * (1 + 1e-9))]
    }
  }

  /// Whether the altered document makes no sense as such, so that it is bad data rather than refuted.
  static func isSenseless(_ document: Document, _ altered: JSONValue, at path: [JSONValue.Step]) -> Bool {
    guard case .field(let field) = path[0] else { return false }
    switch (document, field) {
    // Not a model of this program; or columns that the data don't have; or layers of another shape.
    case (.model, "format"), (.model, "version"), (.model, "architecture"): return true
    case (.model, "features"), (.model, "target"), (.model, "bias"): return true
    // Not a scope; a bound that contradicts itself; a count that is no whole number.
    case (.certificate, "scope"): return true
    case (.certificate, "objective"), (.certificate, "lowerBound"):
      return altered["lowerBound"]!.double! > altered["objective"]!.double!
    case (.certificate, "version"), (.certificate, "samples"), (.certificate, "features"):
      if case .integer = altered[field] { return false }
      return true
    default: return false
    }
  }

  @Test(arguments: Trained.allCases, Document.allCases)
  func everyAlteredEntryIsRefused(_ trained: Trained, _ document: Document) throws {
    let folder = try trained.folder()
    let accepted = try Program.run(trained.verification, in: folder)
    expectStatus(0, accepted)
    let original = try JSONValue(try folder.read(document.file))
    var refused: Set<JSONValue.Step> = []
    for path in original.leaves {
      for value in Self.alterations(of: try #require(original.value(at: path[...]))) {
        let altered = original.replacing(path[...], by: value)
        try folder.write(try altered.bytes, to: document.file)
        let run = try Program.run(trained.verification, in: folder)
        let senseless = Self.isSenseless(document, altered, at: path)
        let remark = "\(path) changed to \(value):"
        expectStatus(senseless ? 65 : 3, run, remark)
        #expect(run.text == "", "\(remark)")
        #expect(run.errors.hasPrefix("bidual: not verified: ") == !senseless, "\(remark) \(run.errors)")
        refused.insert(path[0])
      }
    }
    // Every field took its turn.
    #expect(refused == Set(original.fieldNames.map { .field($0) }))
    // The rewriting itself is innocent.
    try folder.write(try original.bytes, to: document.file)
    expectStatus(0, try Program.run(trained.verification, in: folder))
  }

  @Test(arguments: Trained.allCases, Document.allCases)
  func everyMissingFieldIsRefused(_ trained: Trained, _ document: Document) throws {
    let folder = try trained.folder()
    guard case .object(let fields) = try JSONValue(try folder.read(document.file)) else {
      Issue.record("not an object")
      return
    }
    for name in fields.keys.sorted() {
      try folder.write(try JSONValue.object(fields.filter { $0.key != name }).bytes, to: document.file)
      let run = try Program.run(trained.verification, in: folder)
      // A model may do without standardisation, but then it is another model.
      let status: Int32 = name == "standardization" ? 3 : 65
      expectStatus(status, run, "\(name):")
      if status == 65 {
        #expect(
          run.errors
            == "bidual: \(document.file): not a \(document): field '\(name)' is missing; give a file that bidual wrote\n"
        )
      }
    }
  }

  @Test(arguments: [0.25, 1e-9])
  func everyAlteredCellIsRefused(by step: Double) throws {
    let trained = Trained.balloons
    let folder = try trained.folder()
    let table = try BundledData.balloons.table
    for row in table.rows.indices {
      for column in table.names.indices {
        var altered = table
        altered.rows[row][column] += step
        try folder.write(altered.text, to: trained.data.file)
        let run = try Program.run(trained.verification, in: folder)
        expectStatus(3, run, "row \(row + 1), column \(column + 1):")
        #expect(run.errors == "bidual: not verified: the certificate is of another data set\n")
        #expect(run.text == "")
      }
    }
    // The same numbers written otherwise are the same data.
    try folder.write(table.text, to: trained.data.file)
    expectStatus(0, try Program.run(trained.verification, in: folder))
  }

  @Test func rowsInAnotherOrderAreAnotherDataSet() throws {
    let trained = Trained.balloons
    let folder = try trained.folder()
    var table = try BundledData.balloons.table
    table.rows.swapAt(0, 15)
    try folder.write(table.text, to: trained.data.file)
    let run = try Program.run(trained.verification, in: folder)
    expectStatus(3, run)
    #expect(run.errors == "bidual: not verified: the certificate is of another data set\n")
  }

  @Test func certificateOfAnotherModelIsRefused() throws {
    let folder = try Trained.balloons.folder()
    let fit = try Program.run(
      ["fit", "balloons.csv", "--target", "target", "--bias", "--output", "other.json"], in: folder)
    expectStatus(0, fit)
    let run = try Program.run(["verify", "other.json", "certificate.json", "balloons.csv"], in: folder)
    expectStatus(3, run)
    #expect(run.errors == "bidual: not verified: the certificate is of another model\n")
    #expect(run.text == "")
  }

  @Test func certificateOfAnotherDataSetIsRefused() throws {
    let folder = try Trained.balloons.folder()
    try folder.write(try Trained.fertility.folder().read("certificate.json"), to: "certificate.json")
    let run = try Program.run(Trained.balloons.verification, in: folder)
    expectStatus(3, run)
    #expect(run.errors == "bidual: not verified: the certificate is of another data set\n")
    #expect(run.text == "")
  }
}
