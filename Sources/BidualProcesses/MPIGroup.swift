#if MPI
  import CMPI
  import Synchronization

  #if canImport(Glibc)
    import Glibc
  #elseif canImport(Musl)
    import Musl
  #else
    import Darwin
  #endif

  /// The ranks of a run under `mpirun`; one alone without it.
  ///
  /// Its methods are for the thread that started it, but for `isInterrupted`.
  package struct MPIGroup: ProcessGroup {
    /// Which of the ranks this is.
    package let rank: Int
    /// How many ranks there are.
    package let count: Int
    /// How many of the ranks are on this machine, this one among them.
    package let neighbours: Int
    private let meetings = Meetings()
    private let thread = pthread_self()
    /// MPI counts by `Int32`.
    private static let largestPiece = 1 << 30

    /// Joins the group, once in a process.
    package init() {
      var rank: Int32 = 0
      var count: Int32 = 1
      var neighbours: Int32 = 1
      bidual_mpi_start(&rank, &count, &neighbours)
      self.rank = Int(rank)
      self.count = Int(count)
      self.neighbours = Int(neighbours)
    }

    /// Leaves the group, once all messages have come.
    package func leave() {
      // What came too late is still to be taken in.
      _ = isInterrupted
      MPI_Finalize()
    }

    /// Ends the processes of all ranks.
    package func abort(code: Int32) { bidual_mpi_abort(code) }

    /// The bytes that rank 0 gives, at every rank.
    package func broadcast(_ bytes: [UInt8]) -> [UInt8] {
      meetings.begin()
      var size = bytes.count
      withUnsafeMutableBytes(of: &size) { bidual_mpi_broadcast($0.baseAddress, Int32($0.count)) }
      var content = rank == 0 ? bytes : [UInt8](repeating: 0, count: size)
      Self.inPieces(&content, bidual_mpi_broadcast)
      return content
    }

    /// The bytes of all ranks in order, at rank 0.
    package func gather(_ bytes: [UInt8]) -> [[UInt8]] {
      meetings.begin()
      guard rank == 0 else {
        Self.send(bytes, to: 0)
        return []
      }
      return [bytes] + (1..<max(count, 1)).map { Self.receive(from: $0) }
    }

    /// The bytes that rank 0 gives this rank.
    package func scatter(_ parts: [[UInt8]]) -> [UInt8] {
      meetings.begin()
      guard rank == 0 else { return Self.receive(from: 0) }
      for other in 1..<max(count, 1) { Self.send(parts[other], to: other) }
      return parts[0]
    }

    /// Sends the others the number of the meeting that they met at last.
    package func interrupt() { bidual_mpi_interrupt(Int(meetings.count), Int32(count)) }

    /// Whether such a message has come: looked up by the thread that may, and known to the others from then on.
    package var isInterrupted: Bool {
      if pthread_equal(pthread_self(), thread) != 0, rank > 0 {
        let number = Int(bidual_mpi_interrupted())
        if number == meetings.count { meetings.interrupt() }
      }
      return meetings.isInterrupted
    }

    private static func send(_ bytes: [UInt8], to rank: Int) {
      var size = bytes.count
      withUnsafeMutableBytes(of: &size) {
        bidual_mpi_send($0.baseAddress, Int32($0.count), Int32(rank))
      }
      var content = bytes
      inPieces(&content) { bidual_mpi_send($0, $1, Int32(rank)) }
    }

    private static func receive(from rank: Int) -> [UInt8] {
      var size = 0
      withUnsafeMutableBytes(of: &size) {
        bidual_mpi_receive($0.baseAddress, Int32($0.count), Int32(rank))
      }
      var content = [UInt8](repeating: 0, count: size)
      inPieces(&content) { bidual_mpi_receive($0, $1, Int32(rank)) }
      return content
    }

    private static func inPieces(
      _ bytes: inout [UInt8], _ move: (UnsafeMutableRawPointer?, Int32) -> Void
    ) {
      bytes.withUnsafeMutableBytes { buffer in
        for start in stride(from: 0, to: buffer.count, by: largestPiece) {
          let size = min(largestPiece, buffer.count - start)
          move(buffer.baseAddress.map { $0 + start }, Int32(size))
        }
      }
    }
  }

  /// How many times all ranks have met, which is the same at each, and whether rank 0 said something since.
  private final class Meetings: Sendable {
    private let number = Atomic<Int>(0)
    private let interrupted = Atomic<Bool>(false)

    var count: Int { number.load(ordering: .relaxed) }
    var isInterrupted: Bool { interrupted.load(ordering: .relaxed) }

    func begin() {
      number.add(1, ordering: .relaxed)
      interrupted.store(false, ordering: .relaxed)
    }

    func interrupt() { interrupted.store(true, ordering: .relaxed) }
  }
#endif
