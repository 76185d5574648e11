import Bidual
import BidualPlots
import RealModule

/// Objectives on a square grid, and how far from convex they are.
struct LandscapeGrid {
  /// Points on a side; from −1 to 1.
  let size: Int
  /// Row by row.
  let values: [Double]

  /// Rounding of an objective, as a share of it.
  private static let rounding = 1e-12

  /// The grid of a function.
  init(size: Int, of function: (_ a: Double, _ b: Double) -> Double) {
    self.size = size
    let places = (0..<size).map { Self.place($0, of: size) }
    values = places.flatMap { a in places.map { b in function(a, b) } }
  }

  private static func place(_ index: Int, of size: Int) -> Double {
    2 * Double(index) / Double(max(1, size - 1)) - 1
  }

  /// The coordinates of a point of the grid.
  func point(_ index: Int) -> (a: Double, b: Double) {
    (Self.place(index / size, of: size), Self.place(index % size, of: size))
  }

  /// The share of random segments between points of the grid whose middle, a point too, lies above the mean of the ends.
  func failingShare(segments: Int, using random: inout SeededGenerator) -> Double {
    func pair() -> (Int, Int) {
      let first = Int.random(in: 0..<size, using: &random)
      let even = (0..<size).filter { ($0 - first) % 2 == 0 }
      return (first, even[Int.random(in: 0..<even.count, using: &random)])
    }
    let failing = (0..<segments).count { _ in
      let (rows, columns) = (pair(), pair())
      let ends = values[rows.0 * size + columns.0] + values[rows.1 * size + columns.1]
      let middle = values[(rows.0 + rows.1) / 2 * size + (columns.0 + columns.1) / 2]
      return middle > 0.5 * ends * (1 + Self.rounding)
    }
    return Double(failing) / Double(max(1, segments))
  }

  /// The number of points inside the grid that are lower than all eight neighbours.
  var strictMinima: Int {
    guard size > 2 else { return 0 }
    return (1..<(size - 1)).reduce(0) { sum, row in
      sum
        + (1..<(size - 1)).count { column in
          let own = values[row * size + column]
          return (row - 1...row + 1).allSatisfy { other in
            (column - 1...column + 1).allSatisfy {
              (other, $0) == (row, column) || values[other * size + $0] > own
            }
          }
        }
    }
  }

  /// The grid in shades, by the logarithm of its values.
  func plot(_ title: String) -> Plot {
    let heights = values.map { Double.log(max($0, .leastNormalMagnitude)) }
    let (low, high) = (heights.min() ?? 0, heights.max() ?? 1)
    let step = 2 / Double(max(1, size - 1))
    let cells = heights.indices.map { index in
      let (a, b) = point(index)
      return (x: a, y: b, share: high > low ? (heights[index] - low) / (high - low) : 0)
    }
    let ends = [-1 - 0.5 * step, 1 + 0.5 * step]
    return Plot(
      title,
      description:
        "The objective over a plane of weights, darker where it is higher, on a logarithmic scale from \(StudyText.short(values.min())) to \(StudyText.short(values.max())).",
      x: Axis("first direction", holding: ends), y: Axis("second direction", holding: ends),
      marks: [.cells(cells, width: step, height: step)])
  }
}
