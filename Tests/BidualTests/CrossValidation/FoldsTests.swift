import Bidual
import Testing

@Suite struct FoldsTests {
  private func sizes(_ folds: Folds) -> [Int] { (0..<folds.count).map { folds.heldOut($0).count } }

  @Test(arguments: [2, 3, 7, 10, 23]) func foldsAreAPartitionIntoEqualParts(count: Int) throws {
    let folds = try Folds(count, rows: 23, seed: 5)
    #expect((0..<count).flatMap(folds.heldOut).sorted() == Array(0..<23))
    let sizes = sizes(folds)
    #expect(sizes.max()! - sizes.min()! <= 1)
    for k in 0..<count {
      #expect((folds.heldOut(k) + folds.training(k)).sorted() == Array(0..<23))
    }
    #expect(try Folds(count, rows: 23, seed: 5) == folds)
  }

  @Test func otherSeedsGiveOtherFolds() throws {
    let first = try Folds(5, rows: 100, seed: 1)
    #expect(try Folds(5, rows: 100, seed: 2) != first)
  }

  @Test func strataAreSpreadEvenly() throws {
    let strata = (0..<61).map { $0 % 7 == 0 ? 2 : $0 % 3 == 0 ? 1 : 0 }
    let folds = try Folds(4, rows: 61, strata: strata, seed: 9)
    let all = sizes(folds)
    #expect(all.max()! - all.min()! <= 1)
    for stratum in 0..<3 {
      let counts = (0..<4).map { folds.heldOut($0).count { strata[$0] == stratum } }
      #expect(counts.max()! - counts.min()! <= 1, "\(counts)")
    }
  }

  @Test func groupsStayTogetherAndFoldsBalanced() throws {
    var random = SeededGenerator(seed: 4)
    let groups = (0..<200).map { _ in Double(Int.random(in: 0..<37, using: &random)) }
    let folds = try Folds(5, groups: groups, seed: 1)
    for group in Set(groups) {
      #expect(Set(groups.indices.filter { groups[$0] == group }.map { folds.assignment[$0] }).count == 1)
    }
    let sizes = sizes(folds)
    #expect(sizes.max()! - sizes.min()! <= 10, "\(sizes)")
  }

  @Test func givenFoldsAreKept() throws {
    let folds = try Folds(given: [7, 3, 7, 12, 3])
    #expect(folds.count == 3 && folds.assignment == [1, 0, 1, 2, 0])
    for numbers in [[1, 1], [1, .nan, 2], [1, .infinity, 2]] {
      #expect(throws: DataError.self) { try Folds(given: numbers) }
    }
    #expect(throws: DataError.self) { try Folds(2, groups: [1, .nan, 2], seed: 0) }
  }

  @Test(arguments: [0, 1, 9]) func countsThatAreNone(count: Int) {
    #expect(throws: DataError.self) { try Folds(count, rows: 8, seed: 0) }
    #expect(throws: DataError.self) { try Folds(count, groups: (0..<8).map { Double($0) }, seed: 0) }
  }

  @Test func strataOfNumbersAreTenthsByOrder() throws {
    let data = try Dataset(
      features: Matrix((0..<20).map { [Double($0)] }), targets: (0..<20).map { -Double($0) })
    let strata = Folds.strata(of: data, classes: nil)
    #expect(strata == (0..<20).map { (19 - $0) / 2 })
  }
}
