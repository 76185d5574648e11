import Bidual
import Foundation

/// PE20, Figure 5: linear convolutional networks on 387 images of two classes, filters of length 10, m = 30 and batches of 60; objective and
/// filters of five runs of SGD beside the convex programs.
///
/// Program (14) is exact for filters as long as the signal, so that signals are of length 10, means over 2×5 parts of the grey image; program
/// (12) has 10×10 means with a filter of one row. Neither β nor the loss is certain: β is that of which the hinge loss has the printed
/// optimum, 0.803 in the mean.
struct Figure5 {
  let folder: String
  let output: String
  let classes: [Int]
  let epochs: Int

  private struct Kind {
    let name: String
    let architecture: any Architecture
    let grey: (height: Int, width: Int)
    let filters: (any Network) -> TwoLayerNetwork?
    let distance: (TwoLayerNetwork, TwoLayerNetwork) -> Double
  }

  func run() throws {
    let patches = try Patches(
      channels: 1, image: .init(height: 10, width: 10), filter: .init(height: 1, width: 10))
    let kinds = [
      Kind(
        name: "circular (14)", architecture: CircularConvolution(), grey: (2, 5),
        filters: { ($0 as? CircularConvolutionalNetwork)?.filters }, distance: FilterDistance.shifted),
      Kind(
        name: "linear (12)", architecture: LinearConvolution(patches), grey: (10, 10),
        filters: { ($0 as? LinearConvolutionalNetwork)?.filters }, distance: FilterDistance.turned),
    ]
    var curves = CSVLines("program,loss,seed,epoch,seconds,objective,filter_distance")
    tell(
      "| program | loss | β | optimum | lower bound | s | SGD: rate | objectives | distances of filters | s |"
    )
    tell("|---|---|---|---|---|---|---|---|---|---|")
    for kind in kinds {
      let data = try ImagePair(folder: folder, classes: classes, count: 387, grey: kind.grey).training
      let n = Double(data.targets.count)
      let hinge = try TrainingProblem(
        design: data.images, targets: data.targets, loss: HingeLoss(), beta: 1,
        architecture: kind.architecture)
      let beta = try beta(hinge, optimum: 0.803 * n)
      for loss in [HingeLoss(), SquaredLoss()] as [any Loss] {
        let problem = try hinge.replacing(loss: loss, beta: beta)
        let clock = ContinuousClock.now
        let best = try optimum(problem, gap: 1e-6)
        let seconds = (ContinuousClock.now - clock) / .seconds(1)
        guard let filters = kind.filters(best.network) else { continue }
        let descent = DescentRuns(problem: problem, width: 30, batchSize: 60, epochs: epochs, threads: 1)
        let rate = try descent.rate()
        var ends: [(objective: Double, distance: Double, seconds: Double)] = []
        for point in try descent.points(rate: rate) {
          guard let own = kind.filters(point.network) else { continue }
          let distance = kind.distance(own, filters)
          curves.add([
            kind.name, loss.name, "\(point.seed)", "\(point.epoch)", text(point.seconds),
            text(point.objective / n, 8), text(distance),
          ])
          if point.epoch == epochs { ends.append((point.objective / n, distance, point.seconds)) }
        }
        func range(_ values: [Double]) -> String { "\(text(values.min() ?? 0))–\(text(values.max() ?? 0))" }
        let certificate = best.certificate
        tell(
          "| \(kind.name) | \(loss.name) | \(text(beta / n, 3)) | \(text(certificate.objective / n, 6)) "
            + "| \(text(certificate.lowerBound / n, 6)) | \(text(seconds, 2)) | \(rate) | \(range(ends.map(\.objective))) "
            + "| \(range(ends.map(\.distance))) | \(range(ends.map(\.seconds))) |")
      }
    }
    try curves.write(to: output + "/curves.csv")
  }

  /// The β with which the optimum is as large as asked for, by bisection: optima rise with β.
  private func beta(_ problem: TrainingProblem, optimum goal: Double) throws -> Double {
    var (low, high) = (0.0, problem.betaMax())
    for _ in 0..<12 {
      let middle = 0.5 * (low + high)
      let reached = try optimum(problem.replacing(beta: middle), gap: 1e-4).certificate.objective
      if reached < goal { low = middle } else { high = middle }
    }
    return high
  }

  private func optimum(_ problem: TrainingProblem, gap: Double) throws -> TrainingOutcome {
    var options = WorkingSet.Options()
    options.gap = gap
    let limit = StopSignal(timeLimit: .seconds(60))
    return problem.architecture is CircularConvolution
      ? try CircularConvolutionTraining(problem, options: options).train(stop: limit)
      : try LinearConvolutionTraining(problem, options: options).train(stop: limit)
  }
}
