import BidualArrangements
import BidualLinear
import Testing

@Suite struct ReferenceDataTests {
  @Test(arguments: ReferenceData.all)
  func countsAndLists(_ reference: ReferenceData) throws {
    let arrangement = try Arrangement(reference.data)
    #expect(try arrangement.chamberCount() == reference.chambers)
    let tree = try arrangement.chambers()
    #expect(tree.count == reference.chambers)
    #expect(fault(in: tree, of: reference.data) == nil)
    #expect(try coversRandomDirections(tree, of: reference.data, draws: 20_000))
  }

  @Test func aCoarseToleranceMergesRowsThatAreParallelToSixDigits() throws {
    let data = try #require(ReferenceData.all.first { $0.name == "collinear_12x3" }).data
    #expect(try Arrangement(data, tolerance: 1e-5).chamberCount() == 58)
  }
}
