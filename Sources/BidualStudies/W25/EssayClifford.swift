import Bidual
import BidualPlots

/// W25's Figure 9: the dictionary of the Clifford lasso under the ℓ₂ norm, for two features.
struct EssayClifford: Study {
  let id = "w25-fig9"
  let title = "The Clifford dictionary of the example"
  let system =
    "Theorem 3.2 and Remark 3.3: kᵢⱼ = dist₊(xᵢ, Span(xⱼ)); the lasso over it, and how far it may be from the optimum."
  let settings = [StudySetting("beta", .proposed, "weight decay", 1e-3)]
  let remark =
    "Parallel samples give one ray twice; the table marks the second. Both orientations of each ray are listed."

  func run(_ run: StudyRun) throws {
    let rows = EssayChambers.rows
    var matrix = TextRows(["i", "j", "sign", "value", "repeats"])
    var cells: [(x: Double, y: Double, share: Double)] = []
    var values: [Double] = []
    for (j, ray) in rows.enumerated() {
      let repeats = rows[..<j].contains { $0[0] * ray[1] == $0[1] * ray[0] }
      for (turn, sign) in [1.0, -1].enumerated() {
        for (i, row) in rows.enumerated() {
          let value = max(0, sign * (row[0] * ray[1] - row[1] * ray[0]) / norm(ray))
          matrix.append(["\(i + 1)", "\(j + 1)", "\(Int(sign))", "\(value)", repeats ? "1" : "0"])
          cells.append((Double(2 * j + turn), Double(rows.count - 1 - i), value))
          values.append(value)
        }
      }
    }
    run.add("matrix", matrix)
    let largest = max(values.max() ?? 1, .leastNormalMagnitude)
    run.add(
      "dictionary",
      Plot(
        "The dictionary, a column a ray and orientation",
        description: "Distances of samples from rays, zero on one side.",
        x: Axis("ray", categories: rows.indices.flatMap { ["\($0 + 1)+", "\($0 + 1)−"] }),
        y: Axis("sample", categories: rows.indices.reversed().map { "\($0 + 1)" }),
        marks: [.cells(cells.map { ($0.x, $0.y, $0.share / largest) }, width: 1, height: 1)]))
    // A sample on a ray is at distance zero from it on both sides, any other one on one side only.
    let pairs = rows.indices.flatMap { j in rows.indices.map { i in (i, j) } }
    let isOneSided = pairs.allSatisfy { i, j in
      let cross = rows[i][0] * rows[j][1] - rows[i][1] * rows[j][0]
      let own = [0, 1].count { turn in values[(2 * j + turn) * rows.count + i] > 0 }
      return own == (cross == 0 ? 0 : 1)
    }
    run.add(
      Claim(
        "entries are positive on one side of a ray only", measured: "\(pairs.count) pairs of sample and ray",
        holds: isOneSided))
    let subject = StudySubject(
      panel: "", dataset: try Dataset(features: Matrix(rows), targets: EssayChambers.labels))
    let beta = Training.Beta.value(run.number("beta"))
    let optimum = try run.prove("optimum", on: subject, with: Training(beta: beta, gap: 1e-6))
    let lasso = try run.prove(
      "Clifford lasso", on: subject, with: Training(beta: beta, gap: 1e-6, method: .clifford))
    let excess = lasso.certificate.objective / optimum.certificate.objective - 1
    run.add(
      Claim(
        "the lasso over the dictionary is close to the optimum",
        measured: "\(StudyText.short(100 * excess)) % above it", tolerance: "5 %", holds: excess <= 0.05))
  }
}
