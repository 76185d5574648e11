/// The signs sⱼ with which the first-layer units of a sub-network enter its second layer.
///
/// Units may be ordered, so what matters is how many add: these come first. Without any the sub-network is zero, and with
/// none that subtract it is a sum of two-layer neurons, none of which is worth more than the best of them; a family with
/// one unit that subtracts holds that as well, where this unit is zero.
package enum SubnetworkSigns {
  /// The numbers of units that add, for sub-networks of m₁ units.
  package static func families(width: Int) -> ClosedRange<Int> { 1...max(1, width - 1) }

  /// sⱼ, 1 or −1.
  package static func sign(of unit: Int, family: Int) -> Double { unit < family ? 1 : -1 }
}
