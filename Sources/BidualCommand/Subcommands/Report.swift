import ArgumentParser
import Bidual
import BidualPlots

/// `bidual report`: a page about a model.
struct Report: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Write a page about a model: what is proven, how it predicts, what each feature and neuron does.",
    discussion: """
      One HTML file that stands alone: no script runs, nothing is fetched, and every number that is plotted stands in it as JSON. The data \
      are those of training, or others with the same columns.
      """)

  @Argument(help: "A model that fit wrote.", completion: .file(extensions: ["json"]))
  var model: String
  @OptionGroup var data: DataOptions
  @OptionGroup var files: ColumnFileOptions
  @Option(help: "Where to write the page.", completion: .file(extensions: ["html"]))
  var output: String
  @Option(help: "The model's certificate.", completion: .file(extensions: ["json"]))
  var certificate: String?
  @Option(
    help: ArgumentHelp("A log that fit --log wrote.", valueName: "file.jsonl"),
    completion: .file(extensions: ["jsonl"]))
  var log: String?
  @Option(
    help: ArgumentHelp("What cv --json printed.", valueName: "file.json"),
    completion: .file(extensions: ["json"]))
  var cv: String?
  @Option(
    help: ArgumentHelp("What path --json printed.", valueName: "file.json"),
    completion: .file(extensions: ["json"]))
  var path: String?

  func run() throws {
    try reportingErrors {
      try AtomicFile.check(output)
      let model = try ModelFile.read(path: model)
      let dataset = try data.dataset(for: model, in: files)
      var certificate: Certificate?
      var source = "these data"
      if let path = self.certificate {
        let file = try CertificateFile(path: path)
        try file.checkSubject(model: model, dataset: dataset)
        certificate = file.certificate
        source = "the data of training"
      }
      var extra: [ReportSection] = []
      if let log { extra.append(try .progress(log: log)) }
      if let cv { extra.append(try .validation(path: cv)) }
      if let path { extra.append(try .path(path: path)) }
      let page = try data.naming { () throws(DataError) in
        try ReportSection.page(about: model, dataset, certificate, source: source, extra)
      }
      try AtomicFile.write(page.html, to: output)
    }
  }
}
