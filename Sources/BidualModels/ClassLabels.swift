import BidualLinear

/// The classes of a problem, as the data spell them: two that a sign tells apart, or two and more with an output each.
public struct ClassLabels: Sendable, Equatable {
  /// The spellings; of two classes told apart by a sign, that of −1 first.
  public let names: [String]
  /// Whether there is an output for each class.
  public let isOneHot: Bool
  /// Whether −1 stands for everything that is not the class +1.
  public let isOneAgainstRest: Bool

  /// The spelling of the class that is −1.
  public var negative: String { names[0] }
  /// The spelling of the class that is +1.
  public var positive: String { names[1] }

  /// Two classes that a sign tells apart.
  public init(negative: String, positive: String, isOneAgainstRest: Bool = false) {
    names = [negative, positive]
    isOneHot = false
    self.isOneAgainstRest = isOneAgainstRest
  }

  /// Classes with an output each.
  public init(oneHot names: [String]) {
    precondition(names.count > 1)
    self.names = names
    isOneHot = true
    isOneAgainstRest = false
  }

  /// All labels that stand in `column`, with an output each: in the order of the numbers, if all are numbers, else of the
  /// alphabet.
  ///
  /// - Throws: `DataError` of kind `badData` if there is one class only.
  /// - Complexity: O(n log n).
  public init(oneHotOf column: [String], named name: String) throws(DataError) {
    let distinct = Self.distinct(column)
    guard distinct.count > 1 else {
      throw DataError(
        .badData,
        "column '\(name)' is \(Self.list(distinct)) in every row: there is nothing to learn; check ", .target)
    }
    guard distinct.count <= 1000 else {
      throw DataError(
        .badData,
        "column '\(name)' has \(distinct.count) classes (\(Self.list(distinct))), more than 1000; is it a number? then use another loss, or check ",
        .target)
    }
    self.init(oneHot: distinct)
  }

  /// The two labels that stand in `column`: in the order of the numbers, if both are numbers, else of the
  /// alphabet. With `positive` given, that label against all others.
  ///
  /// - Throws: `DataError` of kind `badData` unless there are two classes.
  /// - Complexity: O(n log n).
  public init(of column: [String], named name: String, positive: String? = nil) throws(DataError) {
    let distinct = Self.distinct(column)
    let list = Self.list(distinct)
    if let positive {
      guard distinct.contains(positive) else {
        throw DataError(
          .badData, "column '\(name)' has no label '\(positive)'; its labels are \(list)")
      }
      let others = distinct.filter { $0 != positive }
      guard let first = others.first else {
        throw DataError(
          .badData, "column '\(name)' is '\(positive)' in every row: there is nothing to learn; check ",
          .target)
      }
      self.init(
        negative: others.count == 1 ? first : "not \(positive)", positive: positive,
        isOneAgainstRest: others.count > 1)
      return
    }
    guard distinct.count <= 2 else {
      throw DataError(
        .badData,
        "column '\(name)' has \(distinct.count) classes (\(list)), but the loss takes two; name the one to tell from the rest with ",
        .positive)
    }
    guard distinct.count == 2 else {
      throw DataError(
        .badData, "column '\(name)' is \(list) in every row: there is nothing to learn; check ", .target)
    }
    self.init(negative: distinct[0], positive: distinct[1])
  }

  private static func distinct(_ column: [String]) -> [String] {
    Set(column).sorted { a, b in
      if let x = Double(a), let y = Double(b), x != y { return x < y }
      return a < b
    }
  }

  /// The first labels, for messages.
  static func list(_ labels: [String]) -> String {
    let shown = labels.prefix(8).map { "'\($0)'" }.joined(separator: ", ")
    return labels.count > 8 ? shown + ", …" : shown
  }

  /// The number of targets of a sample.
  public var outputs: Int { isOneHot ? names.count : 1 }

  /// The targets of labels: ±1, or for each label a 1 at its class and 0 at the others.
  ///
  /// - Throws: `DataError` of kind `badData` for a label that is of no class, unless it counts as the rest.
  public func targets(of column: [String], named name: String) throws(DataError) -> [Double] {
    let place = Dictionary(uniqueKeysWithValues: zip(names, names.indices))
    var targets: [Double] = []
    targets.reserveCapacity(column.count * outputs)
    for (i, label) in column.enumerated() {
      guard let own = place[label] ?? (isOneAgainstRest ? 0 : nil) else {
        throw DataError(
          .badData,
          isOneHot
            ? "row \(i + 1), column '\(name)': '\(label)' is none of the classes \(Self.list(names)); correct it or drop the row"
            : "row \(i + 1), column '\(name)': '\(label)' is neither '\(negative)' nor '\(positive)'; correct it or drop the row"
        )
      }
      targets += isOneHot ? names.indices.map { $0 == own ? 1 : 0 } : [own == 1 ? 1 : -1]
    }
    return targets
  }

  /// The class, by its place in `names`, that a sample's predictions stand for.
  public func place(_ predictions: some Collection<Double>) -> Int {
    guard isOneHot else { return predictions.first ?? 0 > 0 ? 1 : 0 }
    // Of equals the first.
    return predictions.enumerated().max { ($0.element, $1.offset) < ($1.element, $0.offset) }?.offset ?? 0
  }

  /// The label that a sample's predictions stand for.
  public func label(_ predictions: some Collection<Double>) -> String { names[place(predictions)] }

  /// The label that the prediction of a sign stands for.
  public func label(_ prediction: Double) -> String { label(CollectionOfOne(prediction)) }
}

extension ClassLabels: Codable {
  private enum CodingKeys: CodingKey { case negative, positive, isOneAgainstRest, oneHot }

  /// Labels as they are encoded: two classes by their signs, or a list.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    if let names = try values.decodeIfPresent([String].self, forKey: .oneHot) {
      guard names.count > 1, Set(names).count == names.count else {
        throw DecodingError.dataCorruptedError(
          forKey: .oneHot, in: values, debugDescription: "the classes are fewer than two or not all different"
        )
      }
      self.init(oneHot: names)
      return
    }
    self.init(
      negative: try values.decode(String.self, forKey: .negative),
      positive: try values.decode(String.self, forKey: .positive),
      isOneAgainstRest: try values.decode(Bool.self, forKey: .isOneAgainstRest))
  }

  /// Encodes the labels.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    guard !isOneHot else {
      try values.encode(names, forKey: .oneHot)
      return
    }
    try values.encode(negative, forKey: .negative)
    try values.encode(positive, forKey: .positive)
    try values.encode(isOneAgainstRest, forKey: .isOneAgainstRest)
  }
}
