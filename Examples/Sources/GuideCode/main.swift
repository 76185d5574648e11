// The Swift code of the guides, in a package that sees no more of Bidual than yours does. Run with a CSV file whose target column
// is called `target`.
import Bidual

let file = CommandLine.arguments.dropFirst().first ?? "balloons.csv"

// Guides/arrangements.md
let X = Matrix([[1, 0, 1], [0, 1, 1], [1, 1, 1], [2, 2, 2]])
let arrangement = try Arrangement(X)
let tree = try arrangement.chambers(limit: 1_000_000)
print(
  "\(try arrangement.chamberCount()) chambers, one of them \(tree.pattern(5)) at \(tree.interiorPoint(5))")

// Guides/choosing-beta.md
let dataset = try CSVReader().table(path: file).dataset(target: "target")
let path = try Training(gap: 1e-3, bias: true).path(dataset, betas: .fractions(count: 5))
let (lower, upper) = try path.band.bounds(at: 0.7)
print("the optimum at β = 0.7 is between \(lower) and \(upper)")

let validation = CrossValidation(
  Training(bias: true, standardize: true), splits: [try Folds(3, rows: dataset.samples, seed: 0)])
let grid = try validation.grid(dataset)
let fits = try validation.fits(dataset, grid: grid)
let curve = try validation.curve(.mse, of: fits, on: dataset, classes: nil, grid: grid)
print("three folds choose β = \(grid[curve.oneStandardError])")

// Guides/resuming.md
let policy = CheckpointPolicy(path: "run.json", every: .seconds(60), resumes: true)
let trained = try Training(beta: .value(0.1), gap: 1e-6, bias: true).fit(dataset, checkpoint: policy)
print("trained to \(trained.certificate.objective)")

// Guides/tables.md
let raw = try CSVReader().rawTable(bytes: FileContents.read(path: file))
var rules = EncodingRules()
rules.missing = .median
let encoding = try TableEncoding(fitting: raw, columns: [dataset.featureNames[0]], rules: rules)
let encoded = try raw.dataset(.init(targets: ["target"]), encoding: encoding)
print("\(encoded.samples) rows encoded")

// Guides/interchange.md
let model = try Model(
  hidden: Matrix([dataset.featureNames.map { _ in 0.5 }]), biases: [0.1], output: Matrix([[1]]), offsets: [0],
  scaling: nil, dataset: dataset, classes: nil, loss: SquaredLoss(), beta: 0.01)
let assessment = try NetworkAssessment(of: model, in: try model.problem(on: dataset))
print(
  "a network at \(assessment.certificate.objective), where \(assessment.certificate.lowerBound) is proven")
