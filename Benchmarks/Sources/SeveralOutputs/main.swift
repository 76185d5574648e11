import Bidual
import Foundation
import Timing

// The experiments of SEPP21 with several outputs, as Markdown tables.
//
// SeveralOutputs teacher          a teacher's labels: the optimum, and momentum with 10 and 50 neurons (§5.1)
// SeveralOutputs spiral           the spiral at five β: the methods by name, and momentum with 1000 neurons (§5.3)
// SeveralOutputs noise [SAMPLES [STEM]]
//                                 noise to images: the default, the relaxation (20) and momentum along a path of β (A.1.1);
//                                 images are those of STEM_images.npy and STEM_labels.npy, or blobs
func number(_ value: Double, _ digits: Int = 8) -> String { String(format: "%.\(digits)g", value) }

func options(_ gap: Double) -> WorkingSet.Options {
  var options = WorkingSet.Options()
  options.gap = gap
  return options
}

let arguments = Array(CommandLine.arguments.dropFirst())
let unit = TimeUnit()
switch arguments.first {
case "teacher":
  print(MethodRuns.head)
  let problem = try PaperProblems.teacher(seed: 0)
  let runs = MethodRuns(problem: problem, unit: unit, limit: 60)
  try runs.run("default", VectorTraining(problem, options: options(1e-6)))
  for neurons in [10, 50] {
    for seed in 0..<5 { try runs.descent(neurons: neurons, seed: UInt64(seed), epochs: 20_000) }
  }
case "spiral":
  print(MethodRuns.head)
  for beta in [0.01, 0.03, 0.1, 0.3, 1] {
    let problem = try PaperProblems.spiral(beta: beta, seed: 0)
    let runs = MethodRuns(problem: problem, unit: unit, limit: 60)
    try runs.run("default", VectorTraining(problem, options: options(1e-6)))
    try runs.run("copositive (19)", CopositiveTraining(problem, options: options(1e-6)))
    try runs.run("cutting planes", CuttingPlane(problem, options: options(1e-4)))
    try runs.run("Frank–Wolfe, corrective", FrankWolfe(problem, options: options(1e-4)))
    try runs.descent(neurons: 1000, seed: 0, epochs: 1000)
  }
case "noise":
  print(MethodRuns.head)
  let samples = arguments.dropFirst().first.flatMap { Int($0) } ?? 100
  let unscaled = try PaperProblems.noise(samples: samples, images: arguments.dropFirst(2).first, seed: 0)
  let betaMax = unscaled.betaMax()
  for ratio in [0.01, 0.03, 0.1, 0.3, 0.9] {
    let problem = try unscaled.replacing(beta: ratio * betaMax)
    let runs = MethodRuns(problem: problem, unit: unit, limit: 60)
    try runs.run("default", VectorTraining(problem, options: options(1e-4)))
    // Newton's method on all n(n + 1)/2 unknowns; the default's bound is the same relaxation's at any size.
    if samples <= 50 {
      try runs.run("copositive (20)", CopositiveTraining(problem, options: options(1e-4)))
    }
    try runs.descent(neurons: 1000, seed: 0, epochs: 300)
  }
default:
  FileHandle.standardError.write(Data("SeveralOutputs teacher | spiral | noise [SAMPLES [STEM]]\n".utf8))
  exit(64)
}
print("\nThe unit is \(number(unit.seconds, 2)) s.")
