import BidualLinear

/// The weights of a network.
public protocol Network: Sendable, Equatable {
  /// The number of inputs.
  var inputs: Int { get }
  /// The number c of outputs.
  var outputs: Int { get }
  /// The number of neurons.
  var neurons: Int { get }
  /// The output offsets b, one an output, which no penalty holds; empty for a network that has none.
  var offsets: [Double] { get }
  /// All numbers that define it, in a fixed order.
  var weights: [Double] { get }
  /// The predictions for the rows of `design`, n×d: n·c numbers, those of a row together.
  func predictions(_ design: Matrix) -> [Double]
}

extension Network {
  /// The offset of the first output; nil for a network that has none.
  public var offset: Double? { offsets.first }

  /// Whether all weights are finite.
  public var isFinite: Bool { weights.allSatisfy(\.isFinite) }

  /// Whether another network has the same weights.
  public func isEqual(to other: any Network) -> Bool { other as? Self == self }
}

/// Whether two networks have the same weights.
public func == (a: any Network, b: any Network) -> Bool { a.isEqual(to: b) }

/// Where a network's predictions and penalty are in real arithmetic.
public struct Enclosure: Sendable {
  /// The predictions as computed, those of a row together.
  public let predictions: [Double]
  /// For each prediction how far it may be from the true one; 0 where it is exact.
  public let errors: [Double]
  /// The penalty, to a relative error of 2⁻⁴⁹.
  public let penalty: Double
  /// How many products of the penalty may have vanished for smallness.
  public let products: Int

  /// An enclosure from its parts.
  public init(predictions: [Double], errors: [Double], penalty: Double, products: Int) {
    self.predictions = predictions
    self.errors = errors
    self.penalty = penalty
    self.products = products
  }
}
