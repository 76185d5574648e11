import Bidual
import Dispatch

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Lets Ctrl-C and a polite kill end a computation with what it has so far; the second one ends the program.
final class Interrupts {
  private let sources: [any DispatchSourceSignal]

  /// Whether `mpirun` may end this process as it ends all when one has died, which it tells of itself.
  private static var isAmongRanks: Bool {
    #if MPI
      Ranks.areSeveral
    #else
      false
    #endif
  }

  /// - Parameter outcome: what a stop leaves, in words.
  init(raising stop: StopSignal, outcome: String = "with the best network so far") {
    sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        if stop.wasRequested { exit(1) }
        if number == SIGINT || !Self.isAmongRanks {
          Console.note("\nbidual: stopping \(outcome); once more to give up")
        }
        stop.stop()
      }
      source.resume()
      return source
    }
  }
}
