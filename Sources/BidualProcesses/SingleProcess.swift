/// A group of this process alone.
package struct SingleProcess: ProcessGroup {
  /// 0.
  package var rank: Int { 0 }
  /// 1.
  package var count: Int { 1 }

  /// The group.
  package init() {}

  /// What was given.
  package func broadcast(_ bytes: [UInt8]) -> [UInt8] { bytes }

  /// There are no others.
  package func interrupt() {}

  /// There is no one to say so.
  package var isInterrupted: Bool { false }

  /// What was given.
  package func gather(_ bytes: [UInt8]) -> [[UInt8]] { [bytes] }
}
