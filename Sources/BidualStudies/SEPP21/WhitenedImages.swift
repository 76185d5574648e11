import Bidual

/// Images as SEPP21 trains on them: as many of each class, channels normalised, whitened; test images go through the same map.
///
/// Inputs are the coordinates along the principal directions, in which ZCA's map is the same up to a turn, which changes no optimum.
struct WhitenedImages {
  let training: Matrix
  let test: Matrix
  let labels: (training: [Int], test: [Int])
  let classes: Int

  static let files = ["train", "test"].flatMap { part in
    ["images", "labels"].map { "cifar10_\(part)_\($0).npy" }
  }

  /// The settings of them.
  static func settings(perClass: StudyValue, origin: StudySetting.Origin, quick: StudyValue) -> [StudySetting]
  {
    [
      StudySetting(
        "per-class", origin, "training images of each of ten classes", perClass, quick: quick, full: 300),
      StudySetting("test-images", .substituted, "test images, of the paper's 10 000", 1000),
    ]
  }

  /// The images of a run.
  ///
  /// - Parameters:
  ///   - isCentred: whether each feature's mean is taken out before whitening, as the paper says. Then rows add up to zero
  ///     and are not orthogonal.
  ///   - draw: which draw of the training images; 0 for the first images of each class.
  ///   - parts: pseudo-classes that each class is cut into.
  /// - Throws: `DataError` for files that can't be read.
  init(_ run: StudyRun, isCentred: Bool, draw: Int = 0, parts: Int = 1) throws(DataError) {
    let all = try ImageSet(stem: run.path("cifar10_train"))
    let perClass = run.count("per-class")
    var random = SeededGenerator(seed: run.seed + UInt64(draw))
    let known =
      draw == 0
      ? all.balanced(perClass: perClass)
      : all.drawing(perClass, ofEach: Set(all.classes).sorted(), using: &random)
    let others = try ImageSet(stem: run.path("cifar10_test"), limit: run.count("test-images"))
    let plain = known.normalized(like: known)
    let means =
      isCentred
      ? Preprocessing.Standardization(of: plain.images).means
      : Array(repeating: 0, count: plain.images.columns)
    let centring = Preprocessing(
      standardization: .init(means: means, scales: means.map { _ in 1 }))
    let features = centring.design(for: plain.images)
    let whitening = try Preprocessing.Whitening(.pca, of: features)
    training = whitening.inputs(for: features)
    test = whitening.inputs(for: centring.design(for: others.normalized(like: known).images))
    let pseudo = PseudoClasses(of: known, parts: parts, using: &random)
    labels = (pseudo.classes(of: known), pseudo.classes(of: others))
    classes = pseudo.count
  }
}
