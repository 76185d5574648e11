/// A kind of work that the other ranks of a group do for rank 0.
package protocol RankService: AnyObject {
  /// The first byte of its messages.
  static var letter: UInt8 { get }

  /// Does what a message asks, whose first byte has been read.
  func take(_ message: inout Message, in group: some ProcessGroup)
}

extension Message {
  /// An empty message to the others' service of a kind.
  package init(to service: (some RankService).Type) {
    self.init()
    append(service.letter)
  }
}
