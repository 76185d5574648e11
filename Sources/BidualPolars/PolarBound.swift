/// A direction on the atoms' unit sphere with the value that an atom there takes against the dual point.
public struct PolarMaximizer: Sendable, Equatable {
  /// The unit vector u, in the coordinates of the rows; for deeper networks the vectors of all units, one after another.
  public let direction: [Double]
  /// The sign s of the atom s·(Xu)₊.
  public let sign: Double
  /// s·Σᵢ Vᵢ(xᵢᵀu)₊, as evaluated in floating point.
  public let value: Double
  /// Which of the families of atoms the atom is of, for given patterns with several outputs the pattern; 0 for architectures with one.
  public let family: Int

  /// A maximiser from its parts.
  public init(direction: [Double], sign: Double, value: Double, family: Int = 0) {
    self.direction = direction
    self.sign = sign
    self.value = value
    self.family = family
  }
}

/// What a polar oracle found out about κ(V) = max over the unit sphere of |Σᵢ Vᵢ(xᵢᵀu)₊|.
public struct PolarBound: Sendable {
  /// An upper bound of κ(V) that holds in real arithmetic; infinite where nothing was proven.
  public let upper: Double
  /// The best values found, largest first.
  public let maximizers: [PolarMaximizer]
  /// Whether the oracle finished: `upper` is then as tight as was asked for.
  public let isComplete: Bool
  /// How many cones or chambers were looked at.
  public let nodes: Int
}
