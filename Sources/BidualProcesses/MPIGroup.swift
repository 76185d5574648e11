#if MPI
  import CMPI

  /// The ranks of a run under `mpirun`; one alone without it.
  ///
  /// Its methods are for the thread that started it.
  package struct MPIGroup: ProcessGroup {
    /// Which of the ranks this is.
    package let rank: Int
    /// How many ranks there are.
    package let count: Int
    /// How many of the ranks are on this machine, this one among them.
    package let neighbours: Int
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
    package func leave() { MPI_Finalize() }

    /// Ends the processes of all ranks.
    package func abort(code: Int32) { bidual_mpi_abort(code) }

    /// The bytes that rank 0 gives, at every rank.
    package func broadcast(_ bytes: [UInt8]) -> [UInt8] {
      var size = bytes.count
      withUnsafeMutableBytes(of: &size) { bidual_mpi_broadcast($0.baseAddress, Int32($0.count)) }
      var content = rank == 0 ? bytes : [UInt8](repeating: 0, count: size)
      Self.inPieces(&content, bidual_mpi_broadcast)
      return content
    }

    /// The bytes of all ranks in order, at rank 0.
    package func gather(_ bytes: [UInt8]) -> [[UInt8]] {
      guard rank == 0 else {
        var size = bytes.count
        withUnsafeMutableBytes(of: &size) { bidual_mpi_send($0.baseAddress, Int32($0.count), 0) }
        var content = bytes
        Self.inPieces(&content) { bidual_mpi_send($0, $1, 0) }
        return []
      }
      return [bytes]
        + (1..<max(count, 1)).map { other in
          var size = 0
          withUnsafeMutableBytes(of: &size) {
            bidual_mpi_receive($0.baseAddress, Int32($0.count), Int32(other))
          }
          var content = [UInt8](repeating: 0, count: size)
          Self.inPieces(&content) { bidual_mpi_receive($0, $1, Int32(other)) }
          return content
        }
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
#endif
