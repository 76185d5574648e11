/// A convex loss ℓ(f, y) of one prediction f and one target y; a training loss is its sum over samples.
///
/// The certificate needs of it a value and a conjugate that are accurate to a few units in the last
/// place of |ℓ*(v)| + |vy|, and nothing else.
public protocol Loss: Sendable {
  /// The name in files and on the command line.
  var name: String { get }

  /// ℓ(f, y).
  func value(_ prediction: Double, target: Double) -> Double

  /// A (sub)derivative of ℓ(·, y) at f.
  func derivative(_ prediction: Double, target: Double) -> Double

  /// The conjugate ℓ*(v, y) = sup_f vf − ℓ(f, y); infinite outside its domain.
  func conjugate(_ dual: Double, target: Double) -> Double
}
