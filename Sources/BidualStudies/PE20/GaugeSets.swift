import Bidual
import BidualPlots

/// PE20's Figure 1: an ellipsoid, its rectified image, and the polar set of that.
struct GaugeSets: Study {
  let id = "pe20-fig1"
  let title = "An ellipsoid, its rectified image and the polar set"
  let system =
    "The neural gauge (6)–(7): interpolation of least penalty, and the support function of the polar set."
  let settings = [
    StudySetting("angles", .proposed, "directions in which the sets are drawn", 720),
    StudySetting(
      "targets", .proposed, "random targets for which gauge and support function are compared", 100, quick: 25
    ),
  ]
  let remark =
    "The paper's samples are not stated; these are two rows of two features that point away from one another. Where they do not, the rectified ellipsoid is a part of the ellipsoid and convex: such samples are spike-free."

  private static let rows = [[1, 0.2], [-0.8, 0.6]]

  func run(_ run: StudyRun) throws {
    let design = Matrix(Self.rows)
    let angles = run.count("angles")
    let directions = Self.directions(angles)
    let ellipsoid = directions.map { design.times($0) }
    let rectified = ellipsoid.map { $0.map { max(0, $0) } }
    let polar = Self.polar(of: rectified, in: directions)
    var points = TextRows(["set", "angle", "x1", "x2"])
    for (name, set) in [("ellipsoid", ellipsoid), ("rectified", rectified), ("polar", polar)] {
      for (k, point) in set.enumerated() {
        points.append([name, "\(2 * Double.pi * Double(k) / Double(angles))", "\(point[0])", "\(point[1])"])
      }
      run.add(name, outline(name, set))
    }
    run.add("points", points)
    try addClaims(design, rectified, polar, run)
  }

  private static func directions(_ count: Int) -> [[Double]] {
    (0..<count).map { k in
      let angle = 2 * Double.pi * Double(k) / Double(count)
      return [Double.cos(angle), Double.sin(angle)]
    }
  }

  /// The polar of Q ∪ −Q, which reaches 1/κ(v) in direction v.
  private static func polar(of set: [[Double]], in directions: [[Double]]) -> [[Double]] {
    directions.map { v in
      let kappa = set.map { abs(dot(v, $0)) }.max() ?? 1
      return v.map { $0 / kappa }
    }
  }

  private func outline(_ name: String, _ points: [[Double]]) -> Plot {
    let closed = (points + points.prefix(1)).map { Mark.Point($0[0], $0[1]) }
    let reach = points.flatMap { $0 }.map(abs).max() ?? 1
    return Plot(
      name, description: "The outline of the \(name) set.", x: Axis("sample 1", holding: [-reach, reach]),
      y: Axis("sample 2", holding: [-reach, reach]), marks: [.line(closed, .blue)])
  }

  private func addClaims(
    _ design: Matrix, _ rectified: [[Double]], _ polar: [[Double]], _ run: StudyRun
  ) throws {
    // With both entries positive a point is of Q where it is of the ellipsoid.
    let inverse = Matrix([[design[1, 1], -design[0, 1]], [-design[1, 0], design[0, 0]]])
    let determinant = design[0, 0] * design[1, 1] - design[0, 1] * design[1, 0]
    let middles = rectified.flatMap { p in rectified.map { q in [0.5 * (p[0] + q[0]), 0.5 * (p[1] + q[1])] } }
    let length =
      middles.filter { $0[0] > 0 && $0[1] > 0 }.map { norm(inverse.times($0)) / abs(determinant) }.max() ?? 0
    run.add(
      Claim(
        "the rectified ellipsoid is not convex",
        measured:
          "a middle of two of its points lies at \(StudyText.short(length)) times the ellipsoid's radius",
        holds: length > 1 + 1e-6))
    let turns = polar.indices.map { k in
      let (a, b, c) = (polar[k], polar[(k + 1) % polar.count], polar[(k + 2) % polar.count])
      return (b[0] - a[0]) * (c[1] - b[1]) - (b[1] - a[1]) * (c[0] - b[0])
    }
    run.add(
      Claim(
        "the polar set is convex", measured: "its outline turns one way at \(turns.count) corners",
        holds: turns.allSatisfy { $0 >= -1e-9 }))
    // At the corners of the polar a support function misses by the width of a step.
    let fine = Self.directions(10 * polar.count)
    let corners = Self.polar(of: fine.map { design.times($0).map { max(0, $0) } }, in: fine)
    var random = SeededGenerator(seed: run.seed)
    var largest = 0.0
    for index in 0..<run.count("targets") {
      let target = [random.nextGaussian(), random.nextGaussian()]
      let dataset = try Dataset(features: design, targets: target)
      let clock = ContinuousClock.now
      let result = try Training(gap: 1e-6).interpolate(dataset)
      let seconds = (ContinuousClock.now - clock) / .seconds(1)
      let certificate = result.certificate
      let gauge = certificate.objective
      run.add(
        FinalRow(
          panel: "target \(index)", method: "interpolation", seed: nil, objectiveSum: gauge, factor: 1,
          bound: (certificate.lowerBound, certificate.relativeGap, certificate.scope),
          status: "\(result.outcome.status)", neurons: result.outcome.network.neurons, seconds: seconds))
      let support = corners.map { dot($0, target) }.max() ?? 0
      largest = max(largest, abs(gauge - support) / gauge)
      if index == 0 { run.note("gauge \(gauge), support function \(support)") }
    }
    run.add(
      Claim(
        "the gauge of a target is the support function of the polar set there",
        measured:
          "\(run.count("targets")) targets, the largest difference \(StudyText.short(largest)) of the gauge",
        tolerance: "1e-3", holds: largest <= 1e-3))
  }
}
