import Synchronization

/// A value that is worked out when it is first asked for, once, whichever threads ask.
package final class Once<Value: Sendable>: Sendable {
  private let value = Mutex<Value?>(nil)

  /// A value not asked for so far.
  package init() {}

  /// The value; the first call makes it.
  package func callAsFunction(_ make: () -> Value) -> Value {
    value.withLock { value in
      if let value { return value }
      let made = make()
      value = made
      return made
    }
  }
}
