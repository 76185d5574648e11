import BidualProcesses
import Testing

@testable import Bidual

/// Folds that several processes train, here threads in their place.
@Suite struct SharedFoldsTests {
  private static func dataset(rows: Int = 40) throws -> Dataset {
    var random = SeededGenerator(seed: 3)
    let design = Matrix(rows: rows, columns: 3, elements: (0..<(3 * rows)).map { _ in random.nextGaussian() })
    return try Dataset(
      features: design, targets: (0..<rows).map { abs(design[$0, 0]) + 0.1 * random.nextGaussian() })
  }

  /// The cross-validation that the arguments name: folds, and rows of the data.
  private static func work(_ arguments: [String]) throws -> SharedFolds.Work {
    let numbers = arguments.compactMap { Int($0) }
    let data = try dataset(rows: numbers[1])
    let validation = CrossValidation(
      Training(bias: true, threads: 2), betas: .values([3, 1]),
      splits: try (0..<2).map { try Folds(numbers[0], rows: data.samples, seed: UInt64($0)) })
    return SharedFolds.Work(validation, on: data)
  }

  /// Rank 0's fits, where the others make `others` of any arguments.
  private func shared(
    _ processes: Int, places: [Int], others: [String] = ["5", "40"], stop: StopSignal = StopSignal()
  ) throws -> [FoldFit] {
    let results = ThreadGroup.run(processes) { group -> Result<[FoldFit], any Error> in
      guard group.rank == 0 else {
        HelpingRanks.serve(
          group, by: [SharedFolds { arguments in try Self.work(others.isEmpty ? arguments : others) }])
        return .success([])
      }
      defer { HelpingRanks.dismiss(group) }
      return Result {
        let work = try Self.work(["5", "40"])
        return try work.validation.sharedFits(
          work.dataset, grid: [3, 1], places: places, stop: stop, by: group, arguments: ["5", "40"])
      }
    }
    return try results[0].get()
  }

  @Test(arguments: [1, 2, 3, 7]) func fitsAreThoseOfOneProcess(processes: Int) throws {
    let work = try Self.work(["5", "40"])
    let alone = try work.validation.fits(work.dataset, grid: [3, 1])
    #expect(alone.count == 10)
    #expect(try shared(processes, places: Array(0..<10)) == alone)
    #expect(try shared(processes, places: [7, 2], others: []) == [alone[7], alone[2]])
  }

  @Test func othersThatReadOtherDataAreFoundOut() throws {
    let error = #expect(throws: DataError.self) {
      try shared(2, places: [0, 1], others: ["5", "41"])
    }
    #expect(
      error?.description
        == "rank 1 reads other data than rank 0; give all machines the same files, or run without mpirun")
  }

  @Test func othersThatCannotReadSaySo() throws {
    let error = #expect(throws: DataError.self) { try shared(2, places: [0, 1], others: ["50", "40"]) }
    #expect(error?.description == "rank 1: 50 folds of 40 rows; take from 2 to 40")
  }

  /// Paths that a time limit cuts short end with their last network everywhere.
  @Test func aTimeLimitIsHeard() throws {
    let fits = try shared(2, places: Array(0..<10), stop: StopSignal(timeLimit: .zero))
    #expect(fits.count == 10 && fits.allSatisfy { $0.points.count == 2 })
  }
}
