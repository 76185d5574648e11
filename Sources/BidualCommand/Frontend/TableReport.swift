import Bidual

/// What `inspect` prints.
struct TableReport: Encodable {
  /// One column.
  struct Column: Encodable {
    let name: String
    /// `number`, `category`, `text` for more levels than are taken as categories, or `empty`.
    let kind: String
    let missing: Int
    let levels: Int?
    let least: Double?
    let largest: Double?
    let isConstant: Bool
    /// The first column with the same cells.
    let sameAs: String?

    init(_ name: String, _ column: RawTable.Column, maximumLevels: Int, sameAs: String?) {
      self.name = name
      self.sameAs = sameAs
      missing = column.missing
      switch column {
      case .numbers(let numbers):
        let known = numbers.filter { !$0.isNaN }
        kind = known.isEmpty ? "empty" : "number"
        levels = nil
        least = known.min()
        largest = known.max()
        isConstant = known.min() == known.max()
      case .texts(let texts):
        let count = Set(texts.compactMap(\.self)).count
        kind = count > maximumLevels ? "text" : "category"
        levels = count
        (least, largest) = (nil, nil)
        isConstant = count == 1
      }
    }
  }

  let rows: Int
  let columns: [Column]
  /// Features after encoding.
  let features: Int
  let rank: Int
  /// Of the squared loss on the features as they are, for a target of numbers.
  let betaMax: Double?
  let cost: String

  init(_ table: RawTable, target: String?, maximumLevels: Int) throws(DataError) {
    rows = table.rows
    var columns: [Column] = []
    for (place, name) in table.names.enumerated() {
      let twin = (0..<place).first { Self.agree(table.columns[$0], table.columns[place]) }
      columns.append(
        Column(
          name, table.columns[place], maximumLevels: maximumLevels, sameAs: twin.map { table.names[$0] }))
    }
    self.columns = columns
    if let target { _ = try table.column(target) }
    let used = columns.filter { $0.name != target && ($0.kind == "number" || $0.kind == "category") }
    var rules = EncodingRules()
    rules.missing = .mean
    rules.maximumLevels = maximumLevels
    guard !used.isEmpty else {
      (features, rank, betaMax, cost) = (
        0, 0, nil, "nothing to learn from: no column holds numbers or categories"
      )
      return
    }
    let encoding = try TableEncoding(fitting: table, columns: used.map(\.name), rules: rules)
    let values = try encoding.features(of: table).values
    features = values.columns
    rank = RowSpace(of: values).rank
    cost =
      switch rank {
      case ...4: "global proofs take seconds"
      case ...8: "global proofs take seconds to minutes, longer for small beta"
      case ...14: "global proofs finish for large beta only; for others the gap stays wide"
      default: "global proofs rarely finish; the network is good all the same, and the gap is wide and true"
      }
    guard let target, case .numbers(let numbers) = try table.column(target), !numbers.contains(where: \.isNaN)
    else {
      betaMax = nil
      return
    }
    let problem = try TrainingProblem(design: values, targets: numbers, beta: 1)
    betaMax = problem.betaMax(stop: StopSignal(timeLimit: .seconds(2)))
  }

  private static func agree(_ a: RawTable.Column, _ b: RawTable.Column) -> Bool {
    switch (a, b) {
    case (.numbers(let x), .numbers(let y)): zip(x, y).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) }
    case (.texts(let x), .texts(let y)): x == y
    default: false
    }
  }

  /// The lines for people.
  var lines: [String] {
    let cells = columns.map { column -> [String] in
      let remark = column.sameAs.map { "same as \($0)" } ?? (column.isConstant ? "constant" : "")
      let levels = column.levels.map { "\($0)" } ?? "-"
      return [
        column.name, column.kind, "\(column.missing)", levels, column.least.map(Figures.short) ?? "-",
        column.largest.map(Figures.short) ?? "-", remark,
      ]
    }
    var lines = TextTable.lines([["column", "kind", "missing", "levels", "least", "largest", ""]] + cells)
    lines.append("\(rows) rows; \(features) features of rank \(rank): \(cost)")
    if let betaMax {
      lines.append("beta_max of the squared loss, features as they are: \(Figures.short(betaMax))")
    }
    return lines
  }
}
