/// An open cone in the order of its bound, ties broken by age.
struct PooledCone: Comparable, Sendable {
  let cone: OpenCone
  let sequence: Int

  static func < (a: PooledCone, b: PooledCone) -> Bool {
    (a.cone.bound, b.sequence) < (b.cone.bound, a.sequence)
  }

  static func == (a: PooledCone, b: PooledCone) -> Bool { a.sequence == b.sequence }
}
