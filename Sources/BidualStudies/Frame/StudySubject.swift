import Bidual

/// The data of a panel: what is trained on, what is held out, how predictions are scored, and how the paper scales its objective.
struct StudySubject {
  /// The name of the panel.
  var panel: String
  let dataset: Dataset
  var heldOut: Dataset?
  var score: StudyScore = .meanSquare
  /// The paper's objective over Bidual's, which is a sum over samples, with half the square for the squared loss.
  var factor = 1.0

  /// β in Bidual's sums for the paper's.
  func beta(_ paper: Double) -> Double { paper / factor }

  /// Bidual's learning rate for the paper's: it multiplies the gradient of Bidual's objective over n.
  func learningRate(_ paper: Double) -> Double { paper * factor * Double(dataset.samples) }

  /// The same in another panel.
  func named(_ panel: String) -> StudySubject {
    var subject = self
    subject.panel = panel
    return subject
  }

  /// The scores of a model's predictions, in training and on what is held out.
  func scores(_ predictions: (Matrix) -> [Double]) -> (train: Double, test: Double?) {
    (
      score.value(predictions(dataset.features), dataset.targets, outputs: dataset.outputs),
      heldOut.map { score.value(predictions($0.features), $0.targets, outputs: dataset.outputs) }
    )
  }
}
