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
      program reads; its weights are rounded, so that it is another network: with --data and --certificate, whose bound is proven \
      again as by verify, its gap is told too. float64 keeps the weights.
      """)

  @Argument(help: "A model that fit wrote.", completion: .file(extensions: ["json"]))
  var model: String
  @Option(help: "Where to write the file.", completion: .file(extensions: ["onnx", "safetensors"]))
  var output: String
  @Option(help: "The numbers in the file.")
  var type: ExportedElement = .float32
  @Option(
    help: ArgumentHelp("The data that the model was trained on, to tell the gap.", valueName: "file"),
    completion: .file(extensions: ["csv", "tsv", "txt", "npy", "npz", "gz"]))
  var data: String?
  @Option(
    help: ArgumentHelp("The certificate of the model, to tell the gap.", valueName: "file"),
    completion: .file(extensions: ["json"]))
  var certificate: String?
  @OptionGroup var reading: ReadingOptions
  @OptionGroup var files: ColumnFileOptions

  func validate() throws {
    guard (data == nil) == (certificate == nil) else {
      throw ValidationError("the gap needs both --data and --certificate; give both or neither")
    }
  }

  func run() throws {
    try reportingErrors {
      try AtomicFile.check(output)
      let model = try ModelFile.read(path: model)
      let isState = output.hasSuffix(SafetensorsFile.suffix)
      var lines: [String] = []
      if let data, let certificate {
        let content =
          isState
          ? try SafetensorsFile.content(of: model, as: type) : try ONNXFile.content(of: model, as: type)
        let dataset = try DataOptions(path: data, reading: reading).dataset(for: model, in: files)
        lines = try ExportedGap(of: model, on: dataset, certificate: certificate).lines(about: content)
      }
      if isState {
        try SafetensorsFile.write(model, to: output, as: type)
      } else {
        try ONNXFile.write(model, to: output, as: type)
      }
      for line in lines { Console.print(line) }
      if lines.isEmpty, type == .float32 {
        Console.note(
          "bidual: the network in \(output) is rounded, and so another one; --data and --certificate tell its gap"
        )
      }
      if let name = model.rowOffsetName {
        Console.note("bidual: the file's outputs are without the offset; add the column '\(name)' to them")
      }
    }
  }
}
