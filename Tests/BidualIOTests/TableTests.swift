import BidualIO
import BidualLinear
import BidualModels
import Testing

@Suite struct TableTests {
  private let table: Table

  init() throws {
    table = try Table(names: ["age", "Height", "weight"], values: Matrix([[1, 2, 3], [4, 5, 6]]))
  }

  @Test func selectsInTheListedOrder() throws {
    let selected = try table.selecting(columns: ["weight", "age"])
    #expect(selected.names == ["weight", "age"])
    #expect(selected.values == Matrix([[3, 1], [6, 4]]))
  }

  @Test func splitsTargetFromFeatures() throws {
    let all = try table.dataset(target: "Height")
    #expect(all.featureNames == ["age", "weight"])
    #expect(all.features == Matrix([[1, 3], [4, 6]]))
    #expect(all.targets == [2, 5])
    #expect(all.targetName == "Height")
    let some = try table.dataset(target: "age", features: ["weight", "Height"])
    #expect(some.featureNames == ["weight", "Height"])
    #expect(some.features == Matrix([[3, 2], [6, 5]]))
  }

  @Test func numbersColumnsWithoutNames() throws {
    #expect(try Table(values: Matrix(rows: 1, columns: 3)).names == ["c0", "c1", "c2"])
  }

  @Test func missingColumnsGetASuggestion() {
    let all = "the columns are 'age', 'Height', 'weight'"
    expectError(.badData, "there is no column 'height'; did you mean 'Height'? \(all)") {
      try table.dataset(target: "height")
    }
    expectError(.badData, "there is no column 'wieght'; did you mean 'weight'? \(all)") {
      try table.selecting(columns: ["age", "wieght"])
    }
    expectError(.badData, "there is no column 'income'; \(all)") {
      try table.dataset(target: "age", features: ["income"])
    }
  }

  @Test func wrongSelections() throws {
    expectError(.badData, "column 'age' is the target and a feature at once; drop it from the features") {
      try table.dataset(target: "age", features: ["weight", "age"])
    }
    expectError(.badData, "column 'weight' is listed twice; list it once") {
      try table.dataset(target: "age", features: ["weight", "weight"])
    }
    expectError(.badData, "no feature column beside the target 'age'; give at least one") {
      try table.dataset(target: "age", features: [])
    }
    expectError(.badData, "no feature column beside the target 'y'; give at least one") {
      try Table(names: ["y"], values: Matrix([[1]])).dataset(target: "y")
    }
  }

  @Test func wrongParts() {
    let row = Matrix([[1, 2]])
    expectError(.badData, "2 columns but 1 names; name each column once") {
      try Table(names: ["a"], values: row)
    }
    expectError(.badData, "column name 'a' stands twice (columns 1 and 2); rename one of the two") {
      try Table(names: ["a", "a"], values: row)
    }
    expectError(.badData, "column 1 has no name; name every column") {
      try Table(names: ["", "a"], values: row)
    }
    expectError(
      .badData, "row 2, column 'b': inf is not a finite number; drop the row or replace the value"
    ) { try Table(names: ["a", "b"], values: Matrix([[1, 2], [3, .infinity]])) }
  }
}
