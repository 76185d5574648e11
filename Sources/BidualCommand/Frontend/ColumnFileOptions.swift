import ArgumentParser
import Bidual

/// The files of columns that a model names and that don't stand in the data file.
struct ColumnFileOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A NumPy array of the targets, if they are not a column of the data.", valueName: "file.npy"),
    completion: .file(extensions: ["npy"]))
  var target: String?

  @Option(
    help: ArgumentHelp(
      "A NumPy array of the sample weights, if the model has weights and they are not a column of the data.",
      valueName: "file.npy"), completion: .file(extensions: ["npy"]))
  var weights: String?

  @Option(
    help: ArgumentHelp(
      "A NumPy array of the offsets, if the model has offsets and they are not a column of the data.",
      valueName: "file.npy"), completion: .file(extensions: ["npy"]))
  var offset: String?
}
