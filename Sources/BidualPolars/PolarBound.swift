/// A direction on the atoms' unit sphere with the value that an atom there takes against the dual point.
package struct PolarMaximizer: Sendable, Equatable {
  /// The unit vector u, in the coordinates of the rows; for deeper networks the vectors of all units, one after another.
  package let direction: [Double]
  /// The sign s of the atom s·(Xu)₊.
  package let sign: Double
  /// s·Σᵢ Vᵢ(xᵢᵀu)₊, as evaluated in floating point.
  package let value: Double
  /// Which of the families of atoms the atom is of, for given patterns with several outputs the pattern; 0 for architectures with one.
  package let family: Int

  /// A maximiser from its parts.
  package init(direction: [Double], sign: Double, value: Double, family: Int = 0) {
    self.direction = direction
    self.sign = sign
    self.value = value
    self.family = family
  }
}

/// What a polar oracle found out about κ(V) = max over the unit sphere of |Σᵢ Vᵢ(xᵢᵀu)₊|.
package struct PolarBound: Sendable {
  /// An upper bound of κ(V) that holds in real arithmetic; infinite where nothing was proven.
  package let upper: Double
  /// The best values found, largest first.
  package let maximizers: [PolarMaximizer]
  /// Whether the oracle finished: `upper` is then as tight as was asked for.
  package let isComplete: Bool
  /// How many cones or chambers were looked at.
  package let nodes: Int
}
