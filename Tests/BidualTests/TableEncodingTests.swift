import Bidual
import Testing

/// From the columns of a table to features.
@Suite struct TableEncodingTests {
  private let table = RawTable(
    names: ["x", "city", "y"],
    columns: [
      .numbers([1, .nan, 3, 8, .nan]), .texts(["b", "a", nil, "c", "a"]), .numbers([1, 2, 3, 4, 5]),
    ], rows: 5)

  private func rules(_ missing: EncodingRules.Missing, indicators: Bool = false) -> EncodingRules {
    var rules = EncodingRules()
    rules.missing = missing
    rules.hasIndicators = indicators
    return rules
  }

  @Test func missingNumbersAreFilledIn() throws {
    for (missing, fill) in [
      (EncodingRules.Missing.mean, 4.0), (.median, 3), (.constant(-7), -7),
    ] {
      let encoding = try TableEncoding(fitting: table, columns: ["x"], rules: rules(missing))
      let column = try encoding.features(of: table).values.column(0)
      #expect(abs(column[1] - fill) <= 1e-15 && column[1] == column[4])
      #expect([column[0], column[2], column[3]] == [1, 3, 8])
    }
    let even = RawTable(names: ["x"], columns: [.numbers([4, 1, 2, .nan, 3])], rows: 5)
    let encoding = try TableEncoding(fitting: even, columns: ["x"], rules: rules(.median))
    #expect(try encoding.features(of: even).values[3, 0] == 2.5)
  }

  @Test func levelsAndIndicatorsAreFeatures() throws {
    let encoding = try TableEncoding(
      fitting: table, columns: ["city", "x"], rules: rules(.mean, indicators: true))
    #expect(
      encoding.featureNames == ["city=a", "city=b", "city=c", "city is missing", "x", "x is missing"])
    let expected = Matrix([
      [0, 1, 0, 0, 1, 0], [1, 0, 0, 0, 4, 1], [0, 0, 0, 1, 3, 0], [0, 0, 1, 0, 8, 0], [1, 0, 0, 0, 4, 1],
    ])
    let found = try encoding.features(of: table).values
    for (a, b) in zip(found.elements, expected.elements) { #expect(abs(a - b) <= 1e-15) }
  }

  @Test func theFirstLevelMayGoWithoutAFeature() throws {
    var rules = rules(.mean)
    rules.dropsFirstLevel = true
    let encoding = try TableEncoding(fitting: table, columns: ["city"], rules: rules)
    #expect(encoding.featureNames == ["city=b", "city=c"])
    // The dropped level is known: no error, and no unknown level.
    let (values, unknown) = try encoding.features(of: table)
    #expect(values.row(1).allSatisfy { $0 == 0 } && unknown.isEmpty)
  }

  @Test func unknownLevelsAreErrorsOrNone() throws {
    var rules = rules(.mean)
    let seen = [0, 1, 2, 4]
    let strict = try TableEncoding(fitting: table, columns: ["city"], rules: rules, rows: seen)
    #expect(strict.featureNames == ["city=a", "city=b"])
    let error = #expect(throws: DataError.self) { try strict.features(of: table) }
    #expect(error?.description.contains("row 4, column 'city': 'c' is a level") == true)
    rules.ignoresUnknown = true
    let lenient = try TableEncoding(fitting: table, columns: ["city"], rules: rules, rows: seen)
    let (values, unknown) = try lenient.features(of: table)
    #expect(values.row(3).allSatisfy { $0 == 0 } && unknown == ["city": 1])
  }

  @Test func whatCanNotBeEncodedIsNamed() throws {
    func message(_ columns: [String], _ rules: EncodingRules, _ table: RawTable? = nil) -> String {
      let error = #expect(throws: DataError.self) {
        try TableEncoding(fitting: table ?? self.table, columns: columns, rules: rules)
      }
      return error?.description ?? ""
    }
    #expect(message(["x"], rules(.error)).hasPrefix("row 2, column 'x': the cell is missing"))
    #expect(message(["nothing"], rules(.mean)).contains("no column 'nothing'"))
    var few = rules(.mean)
    few.maximumLevels = 2
    #expect(message(["city"], few).contains("has 3 levels"))
    var none = rules(.mean)
    none.categories = .none
    #expect(message(["city"], none).contains("column 'city' holds text"))
    let empty = RawTable(names: ["e"], columns: [.numbers([.nan, .nan])], rows: 2)
    #expect(message(["e"], rules(.mean), empty).contains("no value at all"))
    // Without a rule that fills in, a missing cell of other rows is refused as well.
    let strict = try TableEncoding(fitting: table, columns: ["x"], rules: rules(.drop), rows: [0, 2, 3])
    #expect(throws: DataError.self) { try strict.features(of: table) }
  }

  /// Fills and levels of a fold are those of its training rows.
  @Test func foldsAreEncodedByTheirTrainingRows() throws {
    var rules = rules(.mean)
    rules.ignoresUnknown = true
    let folds = EncodedFolds(
      table: table, roles: .init(targets: ["y"]), columns: ["x", "city"], rules: rules,
      rows: Array(0..<5))
    let (seen, held) = try folds.split(training: [0, 1, 2], heldOut: [3, 4])
    #expect(seen.featureNames == ["x", "city=a", "city=b"])
    #expect(seen.features.column(0) == [1, 2, 3])
    #expect(held.features == Matrix([[8, 0, 0], [2, 1, 0]]))
    #expect(held.targets == [4, 5])
  }

  @Test func modelsKeepTheirEncodingInTheirFile() throws {
    let encoding = try TableEncoding(
      fitting: table, columns: ["x", "city"], rules: rules(.constant(0.5), indicators: true))
    let data = try table.dataset(.init(targets: ["y"]), encoding: encoding)
    let model = try Training(gap: 1e-3).fit(data).model
    #expect(model.encoding == encoding)
    let path = "/tmp/bidual-encoding-\(UInt64.random(in: 0 ... .max)).json"
    try ModelFile.write(model, to: path)
    #expect(try ModelFile.read(path: path) == model)
    #expect(
      try FileContents.read(path: path).split(separator: UInt8(ascii: "\n")).contains {
        String(decoding: $0, as: UTF8.self).contains("\"version\" : 6")
      })
    // An encoding of other features is refused.
    let other = try TableEncoding(fitting: table, columns: ["x"], rules: rules(.mean))
    #expect(throws: DataError.self) {
      try Model(
        featureNames: model.featureNames, targetNames: ["y"], preprocessing: model.preprocessing,
        network: model.network, loss: "squared", beta: 1, encoding: other)
    }
  }
}
