import BidualModels
import Testing

@Suite struct DataErrorTests {
  private let error = DataError(.badData, "no row; pass ", .noHeader, " if the line is data")

  @Test func theLibraryNamesItsOwnArguments() {
    #expect(error.description == "no row; pass the argument 'hasHeader: false' if the line is data")
    #expect(DataError(.badData, "no row").message { _ in "!" } == "no row")
  }

  @Test func aProgramNamesItsOwnSettings() {
    #expect(error.message { $0 == .noHeader ? "--bare" : "" } == "no row; pass --bare if the line is data")
  }

  @Test func thePlaceComesFirst() {
    let located = error.located(in: "line 1").located(in: "a.csv")
    #expect(located.kind == .badData)
    #expect(located.message { _ in "x" } == "a.csv: line 1: no row; pass x if the line is data")
  }

  @Test func classesNameWhatToSet() {
    let cases: [(labels: [String], positive: String?, message: String)] = [
      (["a", "a"], nil, "column 'y' is 'a' in every row: there is nothing to learn; check target"),
      (["a", "a"], "a", "column 'y' is 'a' in every row: there is nothing to learn; check target"),
      (
        ["a", "b", "c"], nil,
        "column 'y' has 3 classes ('a', 'b', 'c'), but the loss takes two; name the one to tell from the rest with positive"
      ),
    ]
    for (labels, positive, message) in cases {
      let error = #expect(throws: DataError.self) {
        try ClassLabels(of: labels, named: "y", positive: positive)
      }
      #expect(error?.message(naming: \.rawValue) == message)
    }
  }
}
