/// A group of this process alone.
public struct SingleProcess: ProcessGroup {
  /// 0.
  public var rank: Int { 0 }
  /// 1.
  public var count: Int { 1 }

  /// The group.
  public init() {}

  /// What was given.
  public func broadcast(_ bytes: [UInt8]) -> [UInt8] { bytes }

  /// What was given.
  public func gather(_ bytes: [UInt8]) -> [[UInt8]] { [bytes] }
}
