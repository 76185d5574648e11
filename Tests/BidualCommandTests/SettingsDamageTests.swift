import Bidual
import BidualDamage
import Foundation
import Testing

@testable import BidualCommand

/// Damaged files of settings end in settings or in an error that says so, never in a trap.
@Suite struct SettingsDamageTests {
  private static let settings =
    #"{"bias":true,"features":["a","b"],"gap":0.001,"loss":"huber","norm":"l2","seed":3,"standardize":false,"threshold":0.5}"#

  @Test func damagedFilesAreNoDanger() throws {
    let folder = try TemporaryFolder()
    let tree = try #require(JSONTree(Self.settings))
    let count =
      ProcessInfo.processInfo.environment["BIDUAL_FUZZ_COUNT"].flatMap(Int.init).map { $0 / 10 } ?? 2000
    var refused = 0
    for number in 0..<UInt64(count) {
      var random = SeededGenerator(seed: number)
      let bytes =
        number % 3 == 0
        ? ByteDamage.damaged(Array(Self.settings.utf8), using: &random)
        : Array(JSONDamage.damaged(tree, using: &random).text.utf8)
      try folder.write(bytes, to: "settings.json")
      do throws(DataError) {
        _ = try SettingsFile(path: folder.file("settings.json"), of: "fit").arguments(except: ["gap"])
      } catch {
        refused += 1
      }
    }
    #expect(refused > count / 10 && refused < count)
  }
}
