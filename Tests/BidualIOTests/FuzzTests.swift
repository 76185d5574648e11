import BidualCertificates
import BidualDamage
import BidualModels
import Foundation
import Testing

@testable import BidualIO

/// Damaged files of every kind: readers answer with what they read or with a typed error, within a second, and never with a trap.
///
/// Every input has a number, which draws it again. `Scripts/fuzz COUNT` sets the count and the first number, and a folder in which
/// the input at hand stands under its number while it is read, so that one that ends the process is there to be looked at.
@Suite struct FuzzTests {
  private static func setting(_ name: String) -> String? {
    ProcessInfo.processInfo.environment["BIDUAL_FUZZ_\(name)"]
  }

  @Test func damagedFilesAreNoDanger() throws {
    let count = Self.setting("COUNT").flatMap(Int.init) ?? 1800
    let first = Self.setting("SEED").flatMap(UInt64.init) ?? 0
    let temporary = try TemporaryFolder()
    let folder = Self.setting("FOLDER") ?? temporary.path
    let targets = try FuzzTarget.all()
    var refused = [Int](repeating: 0, count: targets.count)
    var reads = refused
    var longest = (seconds: 0.0, number: first)
    for number in first..<(first + UInt64(count)) {
      var random = SeededGenerator(seed: number)
      let place = Int(number % UInt64(targets.count))
      let target = targets[place]
      let path = "\(folder)/\(number)\(target.suffix)"
      try Data(target.input(using: &random)).write(to: URL(fileURLWithPath: path))
      // One that does not come to its end shall not keep its number to itself.
      if Self.setting("FOLDER") != nil { alarm(20) }
      let start = ContinuousClock.now
      reads[place] += 1
      do {
        try target.read(path)
      } catch is DataError {
        refused[place] += 1
      } catch is VerificationFailure {
        refused[place] += 1
      } catch {
        Issue.record("\(target.name), input \(number): \(error) is no error of ours")
      }
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      if seconds > longest.seconds { longest = (seconds, number) }
      #expect(seconds < 1, "\(target.name), input \(number): \(seconds) s")
      try FileManager.default.removeItem(atPath: path)
    }
    for (place, target) in targets.enumerated() where reads[place] > 100 {
      // Damage that no reader notices, or that every reader does, tests nothing.
      #expect(refused[place] > reads[place] / 10 && refused[place] < reads[place], "\(target.name)")
    }
    guard Self.setting("COUNT") != nil else { return }
    for (place, target) in targets.enumerated() {
      print("\(target.name): \(reads[place]) inputs, \(refused[place]) refused")
    }
    print("the longest took \(longest.seconds) s: input \(longest.number)")
  }
}
