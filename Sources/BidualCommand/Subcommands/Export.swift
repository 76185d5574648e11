import ArgumentParser
import Bidual

extension ONNXFile.Element: ExpressibleByArgument {}

/// `bidual export`: writes a model for other programs.
struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a model as an ONNX file.",
    discussion: """
      The file takes raw features: scaling, whitening and the column of ones are inside. float32 is what every runtime reads; its weights are \
      rounded, so that it is another network, for which import and certify tell the objective anew. float64 keeps the weights.
      """)

  @Argument(help: "A model that fit wrote.", completion: .file(extensions: ["json"]))
  var model: String
  @Option(help: "Where to write the ONNX file.", completion: .file(extensions: ["onnx"]))
  var output: String
  @Option(help: "The numbers in the file.")
  var type: ONNXFile.Element = .float32

  func run() throws {
    try reportingErrors {
      try AtomicFile.check(output)
      let model = try ModelFile.read(path: model)
      try ONNXFile.write(model, to: output, as: type)
      if let name = model.rowOffsetName {
        Console.note("bidual: the file's outputs are without the offset; add the column '\(name)' to them")
      }
    }
  }
}
