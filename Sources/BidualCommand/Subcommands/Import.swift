import ArgumentParser
import Bidual

/// `bidual import`: takes a network of another program as a model.
struct Import: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Take a two-layer ReLU network of another program as a model.",
    discussion: """
      Reads ONNX files as PyTorch, Keras and scikit-learn's converter write them: two dense layers with a ReLU between, \
      perhaps behind a scaling of the features; and safetensors files with the state of two dense layers of PyTorch, which do not say what \
      stands between: it is taken for a ReLU. certify then says how far the network is from optimal, and predict, report and the others \
      work with it. Hidden biases become the weights of a column of ones, which the penalty counts; output biases become offsets, which it does not.
      """)

  @Argument(
    help: "The network, an ONNX or safetensors file.", completion: .file(extensions: ["onnx", "safetensors"]))
  var network: String
  @OptionGroup var data: DataOptions
  @OptionGroup var columns: ColumnOptions
  @OptionGroup var lossOptions: LossOptions
  @Option(help: "The weight of the penalty that the network is judged by.")
  var beta: Double
  @Option(help: "Where to write the model (JSON).", completion: .file(extensions: ["json"]))
  var output: String

  func validate() throws {
    try PositiveOption.check(("--beta", beta))
    guard !columns.standardize, !columns.bias, columns.whiten == nil else {
      throw ValidationError("--standardize, --whiten and --bias are what the network says; leave them out")
    }
  }

  func run() throws {
    try reportingErrors {
      try AtomicFile.check(output)
      let loss = try lossOptions.chosen()
      let intake = try columns.intake(data, hasLabels: lossOptions.hasLabels(loss))
      let classes = try lossOptions.classes(in: intake, of: data)
      let dataset = try columns.dataset(intake, of: data, classes: classes)
      let imported = try ImportedLayers(path: network)
      guard imported.layers.count == 2 else {
        throw DataError(
          .badData,
          "\(network): the network has \(imported.layers.count) dense layers; only networks of two, with a ReLU between them, have a known optimum here"
        )
      }
      let model = try data.naming { () throws(DataError) in
        try Model(
          hidden: imported.layers[0].weights, biases: imported.layers[0].biases,
          output: imported.layers[1].weights, offsets: imported.layers[1].biases, scaling: imported.scaling,
          dataset: dataset, classes: classes, loss: loss, beta: beta,
          classWeights: classes.map { classes throws(DataError) in
            try lossOptions.classWeights?.values(for: classes, of: dataset)
          } ?? nil)
      }
      try ModelFile.write(model, to: output)
      if !imported.namesReLUs {
        Console.note("bidual: \(network) does not say what stands between its layers; it is taken for a ReLU")
      }
      Console.note(
        "bidual: \(model.network.neurons) neurons, \(model.network.outputs) outputs, \(model.featureNames.count) features; \(ProblemReport(model, try model.problem(on: dataset)).line)"
      )
    }
  }
}
