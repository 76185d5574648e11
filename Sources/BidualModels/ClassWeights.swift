/// How much more the rows of some classes count than those of others.
public enum ClassWeights: Sendable, Equatable {
  /// As much as makes all classes weigh alike, the sum of all weights kept: Σω/(k·Σω of the class), if k classes have rows.
  case balanced
  /// These numbers by the names of classes; 1 for the others.
  case given([String: Double])

  /// The weight of each class, in the order of the classes, for the rows of a data set.
  ///
  /// - Throws: `DataError` of kind `badSettings` for a name that is of no class, or a weight that is not positive.
  /// - Complexity: O(nc).
  public func values(for classes: ClassLabels, of dataset: Dataset) throws(DataError) -> [Double] {
    switch self {
    case .balanced:
      let owners = dataset.places(in: classes)
      let heaviest = dataset.weights?.max() ?? 1
      var sums = [Double](repeating: 0, count: classes.names.count)
      for (i, owner) in owners.enumerated() { sums[owner] += (dataset.weights?[i] ?? 1) / heaviest }
      // A class may have no row in a fold.
      let met = sums.filter { $0 > 0 }
      let mean = met.reduce(0, +) / Double(met.count)
      return sums.map { $0 > 0 ? mean / $0 : 1 }
    case .given(let weights):
      for (name, weight) in weights.sorted(by: { $0.key < $1.key }) {
        guard classes.names.contains(name) else {
          throw DataError(
            .badSettings,
            "the class weights name '\(name)', which is no class; there are \(ClassLabels.list(classes.names))"
          )
        }
        guard weight.isFinite, weight > 0 else {
          throw DataError(
            .badSettings, "the weight of class '\(name)' is \(weight); give a positive number")
        }
      }
      return classes.names.map { weights[$0] ?? 1 }
    }
  }
}

extension ClassWeights: CustomStringConvertible {
  /// As it is written: `balanced`, or `name=weight,…` in the order of the names.
  public var description: String {
    switch self {
    case .balanced: "balanced"
    case .given(let weights):
      weights.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
    }
  }

  /// What a text says; nil for other texts, and for one that names a class twice.
  public init?(_ text: String) {
    guard text != "balanced" else {
      self = .balanced
      return
    }
    var weights: [String: Double] = [:]
    for entry in text.split(separator: ",", omittingEmptySubsequences: false) {
      // A name may hold the sign too.
      guard let sign = entry.lastIndex(of: "="), let weight = Double(entry[entry.index(after: sign)...]),
        weights.updateValue(weight, forKey: String(entry[..<sign])) == nil
      else { return nil }
    }
    self = .given(weights)
  }
}

extension Dataset {
  /// The class of each row, by its place among the names of the classes.
  public func places(in classes: ClassLabels) -> [Int] {
    (0..<samples).map { classes.place(targets[($0 * outputs)..<(($0 + 1) * outputs)]) }
  }

  /// The same samples, each weighing what it did times the weight of its class.
  ///
  /// - Parameter classWeights: in the order of the classes.
  /// - Throws: `DataError` of kind `badData` for a weight that overflows.
  /// - Complexity: O(nd).
  public func weighing(_ classes: ClassLabels, by classWeights: [Double]) throws(DataError) -> Dataset {
    let places = places(in: classes)
    let weights = places.indices.map { (self.weights?[$0] ?? 1) * classWeights[places[$0]] }
    return try Dataset(
      features: features, targets: targets, outputs: outputs, weights: weights, featureNames: featureNames,
      targetNames: targetNames, weightsName: weightsName, rowOffsets: rowOffsets,
      rowOffsetName: rowOffsetName,
      encoding: encoding)
  }
}
