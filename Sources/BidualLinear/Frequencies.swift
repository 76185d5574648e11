import RealModule

/// The real Fourier basis of signals of one length d: for each frequency k from 0 to ⌊d/2⌋ the waves cos(2πkt/d) and sin(2πkt/d).
///
/// A frequency and its mirror d − k have the same waves. The frequencies 0 and d/2 are their own mirrors, and their sine is zero.
package struct Frequencies: Sendable {
  /// The length d of signals.
  package let length: Int
  /// The waves, one a row: the cosine of frequency k is row 2k, its sine row 2k + 1.
  package let waves: Matrix

  /// How many frequencies there are, mirrors counted once.
  package var count: Int { waves.rows / 2 }

  /// By how much an entry of `waves` may be off: angles have few roundings, and a mathematical library few units in the last place.
  package static let error = 0x1p-47

  /// The waves of signals of a length.
  ///
  /// - Complexity: O(d²) time and memory.
  package init(length: Int) {
    self.length = length
    let circle = (0..<length).map { step in
      // A half turn is exact.
      2 * step == length
        ? (cosine: -1.0, sine: 0.0)
        : (
          cosine: Double.cos(2 * .pi * Double(step) / Double(length)),
          sine: Double.sin(2 * .pi * Double(step) / Double(length))
        )
    }
    var waves = Matrix(rows: length > 0 ? 2 * (length / 2 + 1) : 0, columns: length)
    for k in 0..<(waves.rows / 2) {
      for t in 0..<length {
        let point = circle[k * t % length]
        waves[2 * k, t] = point.cosine
        waves[2 * k + 1, t] = point.sine
      }
    }
    self.waves = waves
  }

  /// Whether a frequency is its own mirror.
  package func isOwnMirror(_ frequency: Int) -> Bool { 2 * frequency % length == 0 }

  /// a·cos + b·sin at a frequency, d numbers.
  package func wave(_ frequency: Int, cosine: Double, sine: Double) -> [Double] {
    zip(waves.row(2 * frequency), waves.row(2 * frequency + 1)).map { cosine * $0 + sine * $1 }
  }

  /// The length of a frequency's cosine: √(d/2), or √d where it is its own mirror.
  package func size(_ frequency: Int) -> Double {
    (isOwnMirror(frequency) ? Double(length) : 0.5 * Double(length)).squareRoot()
  }
}
