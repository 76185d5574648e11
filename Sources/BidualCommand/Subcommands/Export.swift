import ArgumentParser
import Bidual

extension ExportedElement: ExpressibleByArgument {}

/// `bidual export`: writes a model for other programs.
struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a model as an ONNX or safetensors file.",
    discussion: """
      The file takes raw features: scaling, whitening and the column of ones are inside. A name that ends in .safetensors asks for the state of \
      two dense layers as PyTorch has it, 0.weight, 0.bias, 2.weight and 2.bias; any other is an ONNX file. float32 is what every \
      program reads; its weights are rounded, so that it is another network, for which import and certify tell the objective anew. \
      float64 keeps the weights.
      """)

  @Argument(help: "A model that fit wrote.")
  var model: String
  @Option(help: "Where to write the file.")
  var output: String
  @Option(help: "The numbers in the file.")
  var type: ExportedElement = .float32

  func run() throws {
    try reportingErrors {
      try AtomicFile.check(output)
      let model = try ModelFile.read(path: model)
      if output.hasSuffix(SafetensorsFile.suffix) {
        try SafetensorsFile.write(model, to: output, as: type)
      } else {
        try ONNXFile.write(model, to: output, as: type)
      }
    }
  }
}
