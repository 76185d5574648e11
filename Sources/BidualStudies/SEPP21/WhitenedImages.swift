import Bidual

/// Images as SEPP21 trains on them: as many of each class, channels normalised, whitened; test images go through the same map.
///
/// Inputs are the coordinates along the principal directions, in which ZCA's map is the same up to a turn, which changes no optimum.
struct WhitenedImages {
  let training: Matrix
  let test: Matrix
  let labels: (training: [Int], test: [Int])

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
  /// - Parameter isCentred: whether each feature's mean is taken out before whitening, as the paper says. Then rows add up to zero
  ///   and are not orthogonal.
  /// - Throws: `DataError` for files that can't be read.
  init(_ run: StudyRun, isCentred: Bool) throws(DataError) {
    let known = try ImageSet(stem: run.path("cifar10_train")).balanced(perClass: run.count("per-class"))
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
    labels = (known.classes, others.classes)
  }
}
