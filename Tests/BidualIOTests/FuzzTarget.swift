import BidualArrangements
import BidualCertificates
import BidualDamage
import BidualLinear
import BidualModels
import BidualObjectives
import BidualPolars

@testable import BidualIO

/// A kind of file with whole examples of it and the reader that is to bear any damage to them.
struct FuzzTarget: Sendable {
  let name: String
  /// The end of the file's name, by which some readers go.
  let suffix: String
  let seeds: [[UInt8]]
  /// Whether the seeds are JSON, which is damaged by its structure too.
  let isJSON: Bool
  /// Reads a file, and uses what it holds; typed errors are answers.
  let read: @Sendable (_ path: String) throws -> Void

  init(
    _ name: String, _ suffix: String, _ seeds: [[UInt8]], isJSON: Bool = false,
    read: @escaping @Sendable (_ path: String) throws -> Void
  ) {
    (self.name, self.suffix, self.seeds, self.isJSON, self.read) = (name, suffix, seeds, isJSON, read)
  }

  /// A seed after damage.
  func input(using random: inout some RandomNumberGenerator) -> [UInt8] {
    let seed = seeds[Int.random(in: 0..<seeds.count, using: &random)]
    guard isJSON, Int.random(in: 0..<4, using: &random) > 0,
      let tree = JSONTree(String(decoding: seed, as: UTF8.self))
    else { return ByteDamage.damaged(seed, using: &random) }
    return Array(JSONDamage.damaged(tree, using: &random).text.utf8)
  }

  /// All kinds.
  static func all() throws -> [FuzzTarget] {
    [csv, npy, npz, gzip, try model(), try certificate(), try checkpoint(), try onnx(), try safetensors()]
  }

  // MARK: Tables

  private static func readTable(_ path: String) throws {
    _ = try? TableReader(columns: ["a", "y"], labelColumn: "b").table(path: path)
    _ = try? TableReader(
      hasHeader: false, dialect: CSVDialect(separator: .semicolon, hasDecimalComma: true)
    ).table(path: path)
    let raw = RawReading(texts: ["b"], missingValues: ["", "NA"], isForced: true)
    _ = try? TableReader().content(path: path, raw: raw)
    let table = try TableReader().table(path: path)
    _ = try table.dataset(target: table.names[0])
  }

  private static let csv = FuzzTarget(
    "CSV", ".csv",
    [
      "a,b,y\n1,2,3\n4,5,6\n7,8,10\n", "\u{FEFF}\"a\",\"b \"\"c\"\"\",y\r\n1.5e3,-0,+7\r\n\" 1\",2,nan\r\n",
      "a;b;y\n1,5;rot;3\n;grün;NA\n", "y\n1\n\n2", "a,b,y\n1,x,\"two\nlines\"\n",
    ].map { Array($0.utf8) }, read: readTable)

  private static let npy = FuzzTarget(
    "NPY", ".npy", [NumPyFiles.float64, NumPyFiles.float32Fortran, NumPyFiles.vector, NumPyFiles.int8]
  ) { path in
    _ = try? TableReader().table(path: path)
    _ = try NPYReader.array(path: path)
  }

  private static let npz = FuzzTarget(
    "NPZ", ".npz", [NPZFiles.stored, NPZFiles.deflated, NPZFiles.large], read: readTable)

  private static let gzip = FuzzTarget(
    "gzip", ".csv.gz", [GunzipTests.compressed, Array(GunzipTests.compressed.prefix(32))], read: readTable)

  // MARK: Documents

  private static let dataset = try! Dataset(
    features: Matrix([[1, 2], [3, 4], [-1, 0.5]]), targets: [1, 0, 2], featureNames: ["a", "b"])

  private static func whole(_ network: any Network, _ architecture: any Architecture) throws -> Model {
    try Model(
      featureNames: ["a", "b"], targetNames: ["target"],
      preprocessing: Preprocessing(standardization: .init(means: [1, 2], scales: [2, 0.5])),
      architecture: architecture, network: network, loss: "huber", lossParameter: 0.5, beta: 0.1)
  }

  private static func models() throws -> [Model] {
    let hidden = Matrix([[1, -2.5], [0, 3]])
    let patches = try Patches(
      channels: 1, image: .init(height: 1, width: 2), filter: .init(height: 1, width: 2))
    return [
      try whole(TwoLayerNetwork(hidden: hidden, output: [0.5, -2], offset: 0.25), TwoLayer()),
      try whole(
        TwoLayerNetwork(
          hidden: hidden, output: [0.5, -2],
          activation: .gated(Gates(vectors: Matrix([[1, 0], [0, 1]]), owner: [0, 1]))),
        Gated(Gates(vectors: Matrix([[1, 0], [0, 1]])))),
      try whole(
        ThreeLayerNetwork(hidden: hidden, inner: [1, -1], output: [2], width: 2), ThreeLayer(width: 2)),
      try whole(
        ConvolutionalNetwork(
          TwoLayerNetwork(hidden: hidden, output: [0.5, -2]), patches: patches, averages: true),
        ReLUConvolution(patches, averages: true)),
      try whole(
        LocallyConnectedNetwork(
          TwoLayerNetwork(hidden: hidden, output: [0.5, -2]), places: [0, 0], patches: patches),
        LocallyConnected(patches)),
      try Model(
        featureNames: ["a", "b"], targetNames: ["target"], preprocessing: Preprocessing(bias: true),
        network: TwoLayerNetwork(
          hidden: Matrix([[1, 2, 3]]), output: [1, -1], outputs: 2, offsets: [0, 1]),
        loss: "softmax", beta: 1, classes: ClassLabels(oneHot: ["x", "z"])),
    ]
  }

  private static func model() throws -> FuzzTarget {
    let folder = try TemporaryFolder()
    let seeds = try models().map { model in
      try ModelFile.write(model, to: folder.file("m"))
      return try FileContents.read(path: folder.file("m"))
    }
    return FuzzTarget("model", ".json", seeds, isJSON: true) { path in
      let model = try ModelFile.read(path: path)
      guard model.featureNames.count == dataset.featureNames.count else { return }
      _ = model.predictions(dataset.features)
      let problem = try model.problem(on: dataset)
      _ = Certifier(problem).objective(of: model.network)
      try ModelFile.write(model, to: path)
      _ = try ModelFile.read(path: path)
    }
  }

  private static func certificate() throws -> FuzzTarget {
    let folder = try TemporaryFolder()
    let model = try models()[0]
    let problem = try model.problem(on: dataset)
    let plain = Certifier(problem).certify(model.network, dualPoint: [0.1, -0.2, 0.1], gap: 0.5).certificate
    let patterns = PatternSet(rows: [[true, false, true], [false, true, true]], samples: 3)
    let restriction = PatternRestriction(patterns, multipliers: [])!
    let restricted = try Certifier(problem, restrictedTo: restriction).certify(
      model.network, dualPoint: [0.1, -0.2, 0.1], gap: 0.5
    ).certificate
    let seeds = try [plain, restricted].map { certificate in
      try CertificateFile(certificate, model: model, dataset: dataset).write(to: folder.file("c"))
      return try FileContents.read(path: folder.file("c"))
    }
    return FuzzTarget("certificate", ".json", seeds, isJSON: true) { path in
      let file = try CertificateFile(path: path)
      try? file.checkSubject(model: model, dataset: dataset)
      let certificate = file.certificate
      let certifier =
        try certificate.restriction.map { try Certifier(problem, restrictedTo: $0) } ?? Certifier(problem)
      try certifier.verify(certificate, of: model.network, effort: .init(nodeLimit: 100))
    }
  }

  private struct State: Codable, Sendable {
    var numbers: [Double]
    var counts: [Int]
    var name: String?
  }

  private static func checkpoint() throws -> FuzzTarget {
    let subject = CheckpointSubject(dataset, settings: [.init("loss", "squared"), .init("seed", "0")])
    let folder = try TemporaryFolder()
    let state = State(numbers: [1, -0.0, .infinity], counts: [1, 2], name: "n")
    try CheckpointFile(subject: subject, betaMax: 2, seconds: 3, state: state).write(to: folder.file("c"))
    return FuzzTarget(
      "checkpoint", ".json", [try FileContents.read(path: folder.file("c"))], isJSON: true
    ) { path in
      _ = try? CheckpointFile<State>(path: path, of: subject)
      // Sealed anew, so that damage reaches what is behind the seal.
      let text = String(decoding: try FileContents.read(path: path), as: UTF8.self)
      if let tree = JSONTree(text), case .object(let members) = tree,
        let body = members.first(where: { $0.key == "\"checkpoint\"" })?.value.text
      {
        let seal = Digest.text(of: Array(body.utf8)[...])
        try AtomicFile.write(
          #"{"checkpoint":\#(body),"format":"bidual-checkpoint","seal":"\#(seal)","version":5}"#, to: path)
      }
      _ = try CheckpointFile<State>(path: path, of: subject)
    }
  }

  // MARK: Networks of other programs

  private static func readNetwork(_ path: String) throws {
    let imported = try ImportedLayers(path: path)
    guard imported.layers.count == 2 else { return }
    let (first, second) = (imported.layers[0], imported.layers[1])
    let model = try Model(
      hidden: first.weights, biases: first.biases, output: second.weights, offsets: second.biases,
      scaling: imported.scaling, dataset: dataset, classes: nil, loss: SquaredLoss(), beta: 1)
    _ = model.predictions(dataset.features)
  }

  private static func exported() throws -> [Model] {
    let network = TwoLayerNetwork(
      hidden: Matrix([[1, -2.5, 0.1], [0, 3, -1]]), output: [0.5, -2], offset: 0.25)
    return try [
      Preprocessing(bias: true),
      Preprocessing(standardization: .init(means: [3, -1], scales: [2, 0.5]), bias: true),
    ].map {
      try Model(
        featureNames: ["a", "b"], targetNames: ["target"], preprocessing: $0, network: network,
        loss: "squared",
        beta: 1)
    }
  }

  private static func onnx() throws -> FuzzTarget {
    let seeds = try exported().flatMap { model in
      try [ONNXFile.bytes(model, as: .float32), ONNXFile.bytes(model, as: .float64)]
    }
    return FuzzTarget("ONNX", ".onnx", seeds, read: readNetwork)
  }

  private static func safetensors() throws -> FuzzTarget {
    let seeds = try exported().flatMap { model in
      try [SafetensorsFile.bytes(model, as: .float32), SafetensorsFile.bytes(model, as: .float64)]
    }
    return FuzzTarget("safetensors", ".safetensors", seeds, read: readNetwork)
  }
}
