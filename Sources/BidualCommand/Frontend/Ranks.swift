#if MPI
  import Bidual
  import BidualPolars
  import BidualProcesses

  #if canImport(Glibc)
    import Glibc
  #elseif canImport(Musl)
    import Musl
  #else
    import Darwin
  #endif

  /// The ranks of a run under `mpirun`: rank 0 is the command, the others help it and need no arguments.
  enum Ranks {
    private static let group = MPIGroup()
    private static let mainThread = pthread_self()

    /// Runs the command at rank 0 and serves it elsewhere.
    static func run(_ command: () -> Void) {
      guard group.rank == 0 else {
        HelpingRanks.serve(
          group,
          by: [
            SearchFarm(threads: threads), SharedPasses(), SharedFolds(making: CrossValidate.work),
          ])
        group.leave()
        return
      }
      _ = mainThread
      // A command may end anywhere, with any exit code.
      atexit {
        // One that is given up while it searches can't tell the others.
        guard pthread_self() == Ranks.mainThread else { return Ranks.group.abort(code: 1) }
        HelpingRanks.dismiss(Ranks.group)
        Ranks.group.leave()
      }
      HelpingRanks.$group.withValue(group, operation: command)
    }

    /// Whether there are others than this one.
    static var areSeveral: Bool { group.count > 1 }

    /// A processor each, shared with the other ranks of the machine.
    static var threads: Int {
      let all = sysconf(Int32(_SC_NPROCESSORS_ONLN))
      return max(1, min(ThreadCount.processors, all / group.neighbours))
    }
  }
#endif
