import Bidual
import RealModule

/// Three classes of 20 samples each on spirals in the plane, as they are common in teaching: radii from 0 to 1, angles over 4 radians
/// with noise of deviation 0.2.
///
/// Each spiral begins at the origin, so that there are 57 lines and 114 chambers, which is the number that SEPP21 tells (§5.3).
enum SpiralData {
  static let classes = 3
  private static let samples = 20

  /// The spirals of a seed, one-hot.
  static func dataset(seed: UInt64) throws(DataError) -> Dataset {
    var random = SeededGenerator(seed: seed)
    var rows: [[Double]] = []
    for kind in 0..<classes {
      for j in 0..<samples {
        let radius = Double(j) / Double(samples - 1)
        let angle = 4 * (Double(kind) + radius) + 0.2 * random.nextGaussian()
        rows.append([radius * .sin(angle), radius * .cos(angle)])
      }
    }
    return try Dataset(
      features: Matrix(rows), labels: rows.indices.map { $0 / samples }, classes: classes)
  }
}
