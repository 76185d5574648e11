import Bidual
import Dispatch

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Lets Ctrl-C and a polite kill end training with the best network so far; the second one ends the program.
final class Interrupts {
  private let sources: [any DispatchSourceSignal]

  init(raising stop: StopSignal) {
    sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        if stop.wasRequested { exit(1) }
        Console.note("\nbidual: stopping with the best network so far; once more to give up")
        stop.stop()
      }
      source.resume()
      return source
    }
  }
}
