import BidualIO
import BidualLinear
import BidualModels
import Testing

@Suite struct WhiteningTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func gaussian(_ n: Int, _ d: Int, _ random: inout BidualLinear.SeededGenerator) -> Matrix {
    Matrix(rows: n, columns: d, elements: (0..<(n * d)).map { _ in random.nextGaussian() })
  }

  private func distance(_ a: Matrix, _ b: Matrix) -> Double {
    zip(a.elements, b.elements).map { abs($0 - $1) }.max() ?? 0
  }

  /// Orthonormal rows, orthonormal columns, and in between the projection onto the samples' span.
  @Test(arguments: Preprocessing.Whitening.Kind.allCases, [(4, 9), (9, 4), (6, 6), (1, 1), (1, 5), (7, 1)])
  func designsAreOrthonormal(kind: Preprocessing.Whitening.Kind, shape: (Int, Int)) throws {
    var random = BidualLinear.SeededGenerator(seed: UInt64(shape.0 * 10 + shape.1))
    let (n, d) = shape
    var features = gaussian(n, d, &random)
    for i in 0..<n { for j in 0..<d { features[i, j] *= [1e-3, 1, 1e3][j % 3] } }
    let preprocessing = try Preprocessing(fitting: features, whiten: kind)
    let design = preprocessing.design(for: features)
    #expect(design.columns == (kind == .zca ? d : min(n, d)))
    #expect(preprocessing.inputs(features: d) == design.columns)
    let gram = n <= d ? design.timesTransposed(design) : design.transposedTimes(design)
    #expect(distance(gram, .identity(min(n, d))) < 1e-9)
  }

  /// The smallest change that whitens: no rotation of the inputs comes closer than ZCA.
  @Test func zcaStaysClosest() throws {
    var random = BidualLinear.SeededGenerator(seed: 5)
    let features = gaussian(12, 4, &random)
    let zca = try Preprocessing(fitting: features, whiten: .zca).design(for: features)
    func alignment(_ design: Matrix) -> Double { dot(design.elements, features.elements) }
    for _ in 0..<200 {
      let rotation = SingularValues(of: gaussian(4, 4, &random))!.left
      #expect(alignment(zca.times(rotation)) <= alignment(zca) + 1e-12)
    }
  }

  @Test(arguments: Preprocessing.Whitening.Kind.allCases)
  func lowRanksAreWhitenedOnTheirSpan(kind: Preprocessing.Whitening.Kind) throws {
    var random = BidualLinear.SeededGenerator(seed: 6)
    // A constant column, a multiple of another, repeated rows, and a row of zeros but for the constant.
    var features = gaussian(8, 5, &random)
    for i in 0..<8 {
      features[i, 1] = 3
      features[i, 4] = 2 * features[i, 0]
    }
    for j in 0..<5 { (features[6, j], features[7, j]) = (features[5, j], j == 1 ? 3 : 0) }
    for standardize in [false, true] {
      let preprocessing = try Preprocessing(fitting: features, standardize: standardize, whiten: kind)
      let plain = try Preprocessing(fitting: features, standardize: standardize).design(for: features)
      let design = preprocessing.design(for: features)
      let rank = standardize ? 3 : 4
      #expect(design.columns == (kind == .pca ? rank : 5))
      // XW(XW)ᵀ is the projection onto the range of X.
      let projection = design.timesTransposed(design)
      #expect(distance(projection.times(projection), projection) < 1e-12)
      #expect(distance(projection.times(plain), plain) < 1e-11)
      let trace = (0..<8).reduce(0) { $0 + projection[$1, $1] }
      #expect(abs(trace - Double(rank)) < 1e-12)
    }
  }

  /// Standardised, whitened, then a column of ones: in this order, on new rows too, and row by row.
  @Test(arguments: Preprocessing.Whitening.Kind.allCases)
  func theOrderIsStandardiseWhitenBias(kind: Preprocessing.Whitening.Kind) throws {
    var random = BidualLinear.SeededGenerator(seed: 7)
    let features = gaussian(10, 3, &random)
    let preprocessing = try Preprocessing(fitting: features, standardize: true, whiten: kind, bias: true)
    let map = try #require(preprocessing.whitening?.matrix)
    let scaling = try #require(preprocessing.standardization)
    let fresh = gaussian(4, 3, &random)
    let design = preprocessing.design(for: fresh)
    for i in 0..<4 {
      for k in 0..<3 {
        var expected = 0.0
        for j in 0..<3 { expected += (fresh[i, j] - scaling.means[j]) / scaling.scales[j] * map[j, k] }
        #expect(abs(design[i, k] - expected) < 1e-14)
      }
      #expect(design[i, 3] == 1)
      #expect(Array(preprocessing.design(for: fresh.selectingRows([i])).row(0)) == Array(design.row(i)))
    }
  }

  @Test(arguments: Preprocessing.Whitening.Kind.allCases, [false, true])
  func modelsComeBack(kind: Preprocessing.Whitening.Kind, isBiased: Bool) throws {
    var random = BidualLinear.SeededGenerator(seed: 8)
    let features = gaussian(3, 5, &random)
    let preprocessing = try Preprocessing(fitting: features, standardize: true, whiten: kind, bias: isBiased)
    let inputs = preprocessing.inputs(features: 5)
    let network = TwoLayerNetwork(hidden: gaussian(4, inputs, &random), output: [1, -2, 0.5, 3])
    let model = try Model(
      featureNames: ["a", "b", "c", "d", "e"], targetNames: ["y"], preprocessing: preprocessing,
      network: network,
      loss: "squared", beta: 0.25)
    let path = folder.file("model.json")
    try ModelFile.write(model, to: path)
    let text = String(decoding: try FileContents.read(path: path), as: UTF8.self)
    #expect(text.contains("\"version\" : 2"))
    let read = try ModelFile.read(path: path)
    #expect(read == model)
    let fresh = gaussian(20, 5, &random)
    #expect(read.predictions(fresh) == model.predictions(fresh))
    let naive = (0..<20).map { i in
      let input = preprocessing.design(for: fresh).row(i)
      return (0..<4).reduce(0) { $0 + network.output[$1] * max(0, dot(network.hidden.row($1), input)) }
    }
    for (a, b) in zip(model.predictions(fresh), naive) { #expect(abs(a - b) < 1e-11 * (1 + abs(b))) }
  }

  /// What version 1 wrote is still read, and models without a whitening are still written so.
  @Test func olderFilesAreRead() throws {
    let path = folder.file("model.json")
    let version1 = """
      {"architecture": "two-layer", "beta": 0.5, "bias": true, "features": ["a"], "format": "bidual-model",
       "hidden": [[1, 2]], "loss": "squared", "output": [3], "target": "y", "version": 1}
      """
    try AtomicFile.write(version1, to: path)
    let model = try ModelFile.read(path: path)
    #expect(model.preprocessing == Preprocessing(bias: true))
    #expect(model.predictions(Matrix([[1], [-4]])) == [9, 0])
    try ModelFile.write(model, to: path)
    let text = String(decoding: try FileContents.read(path: path), as: UTF8.self)
    #expect(text.contains("\"version\" : 1") && !text.contains("whitening"))
  }

  @Test func badWhiteningsInFilesAreRefused() throws {
    let path = folder.file("model.json")
    func write(_ whitening: String, hidden: String = "[[1]]") throws {
      try AtomicFile.write(
        """
        {"architecture": "two-layer", "beta": 0.5, "bias": false, "features": ["a", "b"], "format":
         "bidual-model", "hidden": \(hidden), "loss": "squared", "output": [3], "target": "y", "version": 2,
         "whitening": \(whitening)}
        """, to: path)
    }
    try write("{\"kind\": \"pca\", \"matrix\": [[1], [2]]}")
    #expect(try ModelFile.read(path: path).predictions(Matrix([[3, 4]])) == [33])
    let unreadable =
      "\(path): the whitening '%' is unknown or its rows are not equally long; write the model again"
    try write("{\"kind\": \"cholesky\", \"matrix\": [[1], [2]]}")
    expectError(.badData, unreadable.replacing("%", with: "cholesky")) { try ModelFile.read(path: path) }
    try write("{\"kind\": \"pca\", \"matrix\": [[1], [2, 3]]}")
    expectError(.badData, unreadable.replacing("%", with: "pca")) { try ModelFile.read(path: path) }
    try write("{\"kind\": \"pca\", \"matrix\": [[1]]}")
    expectError(
      .badData, "\(path): the model's whitening is 1×1 for 2 features; write the model again"
    ) { try ModelFile.read(path: path) }
    try write("{\"kind\": \"pca\", \"matrix\": []}", hidden: "[[]]")
    expectError(
      .badData, "\(path): the model's whitening is 0×0 for 2 features; write the model again"
    ) { try ModelFile.read(path: path) }
    try write("{\"kind\": \"pca\", \"matrix\": [[1, 0], [2, 0]]}")
    expectError(
      .badData,
      "\(path): the layers do not fit: 1 neurons for 2 inputs, 1 output weights; write the model again"
    ) { try ModelFile.read(path: path) }
    #expect(throws: DataError.self) {
      try Model(
        featureNames: ["a"], targetNames: ["y"],
        preprocessing: Preprocessing(whitening: .init(kind: .zca, matrix: Matrix([[.nan]]))),
        network: TwoLayerNetwork.zero(inputs: 1), loss: "squared", beta: 1)
    }
  }

  @Test func nothingToWhiten() throws {
    for (features, standardize) in [
      (Matrix(rows: 3, columns: 2), false), (Matrix([[1, 2], [1, 2]]), true),
    ] {
      expectError(
        .badData, "all features are zero or constant, so there is nothing to whiten; check the columns"
      ) { try Preprocessing(fitting: features, standardize: standardize, whiten: .pca) }
    }
    expectError(
      .badData, "a feature overflows when it is whitened; rescale the columns with the smallest numbers"
    ) { try Preprocessing(fitting: Matrix([[Double.leastNonzeroMagnitude]]), whiten: .zca) }
  }
}
