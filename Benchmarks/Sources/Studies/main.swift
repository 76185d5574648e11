import Bidual
import Foundation
import Timing

// Studies of the papers' experiments, as Markdown tables.
//
// Studies regression FILE.csv TARGET ROWS [RATIO [SEED]]
//   squared loss on ROWS rows of the file, the rest held out; β is RATIO of β_max
// Studies images TRAIN.npy TRAIN-LABELS.npy TEST.npy TEST-LABELS.npy CLASS CLASS [RATIO [SEED]]
//   hinge loss on 106 images of two classes, projected to 100 features
let arguments = Array(CommandLine.arguments.dropFirst())
let neurons = 12
/// Neurons where patterns are not to be scarce.
let wide = 100
/// Hyperplanes across which neighbours are looked for.
let neighbourhood = 20

func number(_ place: Int, default value: Double) -> Double {
  place < arguments.count ? Double(arguments[place]) ?? value : value
}
func text(_ value: Double, _ digits: Int = 5) -> String { String(format: "%.\(digits)g", value) }
func note(_ line: String) { FileHandle.standardError.write(Data((line + "\n").utf8)) }

let isImages = arguments.first == "images"
guard arguments.count >= (isImages ? 7 : 4), isImages || arguments[0] == "regression" else {
  note("Studies regression FILE.csv TARGET ROWS [RATIO [SEED]]")
  note("Studies images TRAIN.npy TRAIN-LABELS.npy TEST.npy TEST-LABELS.npy CLASS CLASS [RATIO [SEED]]")
  exit(64)
}
let place = isImages ? 7 : 4
let ratio = number(place, default: 0.01)
let seed = UInt64(number(place + 1, default: 0))
let data =
  isImages
  ? try SplitData.images(
    training: (arguments[1], arguments[2]), test: (arguments[3], arguments[4]),
    classes: (number(5, default: 0), number(6, default: 1)), trainingRows: 106, dimension: 100, seed: seed)
  : try SplitData.regression(
    path: arguments[1], target: arguments[2], trainingRows: Int(number(3, default: 0)), seed: seed)
let unit = TimeUnit()
let free = try TrainingProblem(
  design: data.design, targets: data.targets, loss: isImages ? HingeLoss() : SquaredLoss(), beta: 1)
let betaMax = free.betaMax()
note("β_max \(betaMax); the unit is \(unit.seconds) s")

var rows: [Study.Row] = []
let study = Study(
  problem: try free.replacing(beta: ratio * betaMax), data: data, neurons: neurons, seed: seed,
  epochs: max(500, min(5000, 2_000_000 / data.targets.count))
) { row in
  rows.append(row)
  note("\(row.method): \(row.objective), \(row.seconds) s")
}
try study.convex("Alg1: trained and initial", [.trained(neurons: neurons), .initial(neurons: neurons)])
try study.convex("Alg2: trained", [.trained(neurons: neurons)])
try study.convex("Alg3: initial", [.initial(neurons: neurons)])
try study.convex(
  "Alg2 and neighbours", [.trained(neurons: neurons), .source(NeighbourGates(across: neighbourhood))])
try study.convex("trained, \(wide) neurons", [.trained(neurons: wide)])
let networks = try study.descent(runs: isImages ? 10 : 5)
try study.convex(
  "all patterns of these SGD runs", networks.map { .source(GivenGates(rows: $0.hidden)) })
try study.local(rounds: isImages ? 60 : 12)

let best = rows.map(\.objective).min()!
print(
  "n=\(data.targets.count), d=\(data.design.columns) with the bias, \(data.heldOutTargets.count) held out, "
    + "β = \(text(ratio))·β_max = \(text(ratio * betaMax)), unit \(text(unit.seconds, 2)) s\n")
print(
  "| method | objective | above the best | gap, scope | \(isImages ? "test accuracy" : "test RMSE") | neurons "
    + "| seconds | units |")
print("|---|---|---|---|---|---|---|---|")
for row in rows {
  let gap = row.gap.map { "\(text($0.value, 2)), \($0.scope)" } ?? "none"
  print(
    "| \(row.method) | \(text(row.objective)) | \(text(100 * (row.objective / best - 1), 3)) % | \(gap) "
      + "| \(text(row.score, 4)) | \(row.neurons) | \(text(row.seconds, 2)) "
      + "| \(text(row.seconds / unit.seconds, 2)) |")
}
