import Foundation
import BidualLinear
import BidualPolars

/// Σ Vᵢ max(0, xᵢᵀu) by loops.
func naiveValue(_ design: Matrix, _ weights: [Double], _ u: [Double]) -> Double {
  var sum = 0.0
  for i in 0..<design.rows {
    var height = 0.0
    for k in 0..<design.columns { height += design[i, k] * u[k] }
    if height > 0 { sum += weights[i] * height }
  }
  return sum
}

/// Σ|Vᵢ|‖xᵢ‖, in units of which rounding is measured.
func magnitude(_ design: Matrix, _ weights: [Double]) -> Double {
  zip(design.rowNorms, weights).reduce(0) { $0 + $1.0 * abs($1.1) }
}

/// κ(V) by looking at every chamber of a plane or of space: the largest |Σ Vᵢ(xᵢᵀu)₊| is taken at a
/// chamber's gradient, at its projection onto a facet, or on an edge.
enum BruteForcePolar {
  static func value(_ design: Matrix, _ weights: [Double]) -> Double {
    let r = design.columns
    // The axes refine the arrangement so that its chambers are pointed; they weigh nothing.
    var planes = (0..<r).map { axis in (0..<r).map { $0 == axis ? 1.0 : 0.0 } }
    for i in 0..<design.rows {
      let row = Array(design.row(i))
      if norm(row) > 0 { planes.append(row.normalized) }
    }
    var best = 0.0
    func look(_ u: [Double]) {
      let length = norm(u)
      guard length > 1e-9 else { return }
      best = max(best, abs(naiveValue(design, weights, u.map { $0 / length })))
    }
    for point in insidePoints(planes, rank: r) {
      // The gradient of the chamber that holds the point.
      var gradient = [Double](repeating: 0, count: r)
      for i in 0..<design.rows where dot(design.row(i), point) > 0 {
        for k in 0..<r { gradient[k] += weights[i] * design[i, k] }
      }
      for sign in [1.0, -1] {
        look(gradient.map { sign * $0 })
        for plane in planes {
          let height = dot(plane, gradient)
          look(zip(gradient, plane).map { sign * ($0 - height * $1) })
        }
      }
    }
    for edge in edges(planes, rank: r) { look(edge) }
    return best
  }

  /// The rays where planes meet (in a plane: the lines themselves), both ways.
  private static func edges(_ planes: [[Double]], rank: Int) -> [[Double]] {
    switch rank {
    case 1: return [[1], [-1]]
    case 2: return planes.flatMap { [[-$0[1], $0[0]], [$0[1], -$0[0]]] }
    default:
      var rays: [[Double]] = []
      for a in planes.indices {
        for b in 0..<a {
          let ray = cross(planes[a], planes[b])
          guard norm(ray) > 1e-9 else { continue }
          rays.append(ray.normalized)
          rays.append(ray.normalized.map { -$0 })
        }
      }
      return rays
    }
  }

  /// A point inside each chamber, some chambers more than once.
  private static func insidePoints(_ planes: [[Double]], rank: Int) -> [[Double]] {
    if rank == 1 { return [[1], [-1]] }
    if rank == 2 {
      let angles = edges(planes, rank: 2).map { atan2($0[1], $0[0]) }.sorted()
      return middles(angles).map { [cos($0), sin($0)] }
    }
    return edges(planes, rank: 3).flatMap { ray in
      let through = planes.filter { abs(dot($0, ray)) < 1e-10 }
      let first = through[0]
      let second = cross(ray, first)
      // The planes through the ray cut its surroundings into sectors.
      let angles = through.flatMap { plane in
        let line = cross(ray, plane)
        let angle = atan2(dot(line, second), dot(line, first))
        return [angle, angle > 0 ? angle - .pi : angle + .pi]
      }.sorted()
      let clearance = planes.map { abs(dot($0, ray)) }.filter { $0 >= 1e-10 }.min() ?? 1
      return middles(angles).map { angle in
        (0..<3).map { ray[$0] + 0.5 * clearance * (cos(angle) * first[$0] + sin(angle) * second[$0]) }
      }
    }
  }

  private static func middles(_ angles: [Double]) -> [Double] {
    angles.indices.compactMap { k in
      let next = k + 1 < angles.count ? angles[k + 1] : angles[0] + 2 * .pi
      return next - angles[k] > 1e-11 ? 0.5 * (angles[k] + next) : nil
    }
  }

  private static func cross(_ a: [Double], _ b: [Double]) -> [Double] {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
  }
}
