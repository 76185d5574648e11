/// The ranks beside rank 0, which runs the program: they do what it asks by messages, and need neither arguments nor files.
package enum HelpingRanks {
  /// The processes that share the work of this task; none if nil.
  ///
  /// It is not handed on to other threads. What may run on this one as well as on others, side by side, sets it to nil.
  @TaskLocal package static var group: (any ProcessGroup)?

  /// The processes, at the rank that runs the program, if there are others.
  package static var helped: (any ProcessGroup)? {
    group.flatMap { $0.rank == 0 && $0.count > 1 ? $0 : nil }
  }

  /// The first byte of the message that sends ranks home.
  private static let leave: UInt8 = 0

  /// Does what rank 0 asks of the services, until it sends the others home.
  package static func serve(_ group: some ProcessGroup, by services: [any RankService]) {
    while true {
      var message = Message(group.broadcast([]))
      let letter: UInt8 = message.next()
      if letter == leave { return }
      guard let service = services.first(where: { type(of: $0).letter == letter }) else {
        preconditionFailure("every message is to a service")
      }
      service.take(&message, in: group)
    }
  }

  /// Sends the ranks that serve home; for rank 0, at the end.
  package static func dismiss(_ group: some ProcessGroup) {
    guard group.count > 1 else { return }
    _ = group.broadcast([leave])
  }
}
