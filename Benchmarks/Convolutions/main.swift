import Bidual
import Foundation
import Timing

// Convolutional networks, as Markdown tables.
//
// Convolutions signals [SECONDS]
//   200 random signals of length 64 whose targets a network of two filters made, with noise: training to a proven gap of 10⁻³
// Convolutions images IMAGES.npy LABELS.npy CLASS CLASS COUNT [SECONDS]
//   the first images of two classes, grey values as they are over 255: filters of 2×2, stride 2, the hinge loss
let arguments = Array(CommandLine.arguments.dropFirst())

func text(_ value: Double, _ digits: Int = 5) -> String { String(format: "%.\(digits)g", value) }

/// A row of a table: the network found at a share of β_max, and what it took in units of a matrix product.
func row(_ name: String, _ free: TrainingProblem, share: Double, seconds: Double, unit: TimeUnit) throws {
  let problem = try free.replacing(beta: share * free.betaMax())
  var options = WorkingSet.Options()
  options.gap = 1e-3
  options.threads = 2
  let clock = ContinuousClock.now
  let outcome = try ExactTraining(problem, options: options).train(
    stop: StopSignal(timeLimit: .seconds(seconds)))
  let units = (ContinuousClock.now - clock) / .seconds(1) / unit.seconds
  let certificate = outcome.certificate
  print(
    "| \(name) | β_max·\(share) | \(text(certificate.objective)) | \(text(certificate.lowerBound)) "
      + "| \(text(certificate.relativeGap, 2)) | \(outcome.network.neurons) | \(text(units, 3)) |")
}

func header(_ unit: TimeUnit) {
  print("The unit is \(text(unit.seconds, 2)) s; two threads.\n")
  print("| case | β | objective | lower bound | gap | filters | units |")
  print("|---|---|---|---|---|---|---|")
}

func signals(seconds: Double) throws {
  let unit = TimeUnit()
  header(unit)
  for size in [2, 3, 4] {
    var random = SeededGenerator(seed: UInt64(size))
    func matrix(_ rows: Int, _ columns: Int) -> Matrix {
      Matrix(
        rows: rows, columns: columns, elements: (0..<(rows * columns)).map { _ in random.nextGaussian() })
    }
    let design = matrix(200, 64)
    let patches = try Patches(
      channels: 1, image: .init(height: 1, width: 64), filter: .init(height: 1, width: size))
    let teacher = ConvolutionalNetwork(
      TwoLayerNetwork(hidden: matrix(2, size), output: [1, -0.7]), patches: patches, averages: false)
    let outputs = teacher.predictions(design)
    let mean = outputs.reduce(0, +) / 200
    let deviation = (outputs.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 200).squareRoot()
    let targets = outputs.map { $0 / deviation + 0.3 * random.nextGaussian() }
    let free = try TrainingProblem(
      design: design, targets: targets, beta: 1, architecture: ReLUConvolution(patches))
    for share in [0.1, 0.01] {
      try row("\(size)×1 filters", free, share: share, seconds: seconds, unit: unit)
    }
  }
}

func images(_ arguments: [String], seconds: Double) throws {
  let unit = TimeUnit()
  let table = try TableReader().table(path: arguments[0]).joining(arguments[1], named: "label")
  let all = try table.dataset(target: "label")
  let classes = arguments[2...3].compactMap(Double.init)
  let chosen = Array(
    all.targets.indices.filter { classes.contains(all.targets[$0]) }.prefix(Int(arguments[4]) ?? 200))
  let size = Int(Double(all.features.columns).squareRoot())
  var design = all.features.selectingRows(chosen)
  for place in design.elements.indices { design.elements[place] /= 255 }
  let extent = Patches.Extent(height: 2, width: 2)
  let free = try TrainingProblem(
    design: design, targets: chosen.map { all.targets[$0] == classes[0] ? -1 : 1 }, loss: HingeLoss(),
    beta: 1,
    architecture: ReLUConvolution(
      Patches(channels: 1, image: .init(height: size, width: size), filter: extent, stride: extent)))
  header(unit)
  for share in [0.1, 0.05, 0.02] {
    try row("\(chosen.count) images", free, share: share, seconds: seconds, unit: unit)
  }
}

// One level of threads: Bidual runs its own above single-threaded matrix products.
BLAS.setThreads(1)
switch arguments.first {
case "signals": try signals(seconds: arguments.count > 1 ? Double(arguments[1]) ?? 60 : 60)
case "images" where arguments.count > 5:
  try images(Array(arguments[1...5]), seconds: arguments.count > 6 ? Double(arguments[6]) ?? 60 : 60)
default:
  FileHandle.standardError.write(
    Data(
      "Convolutions signals [SECONDS] | images IMAGES.npy LABELS.npy CLASS CLASS COUNT [SECONDS]\n".utf8))
  exit(64)
}
