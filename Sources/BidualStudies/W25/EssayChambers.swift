import Bidual
import BidualPlots

/// W25's Figure 8: the chambers of its first example, and which samples each of them keeps.
struct EssayChambers: Study {
  let id = "w25-fig8"
  let title = "The chambers of the example, and the samples that each keeps"
  let system = "Section 3.1, Example 1: chambers of an arrangement, and the count of its Remark."
  let settings = [
    StudySetting("beta", .proposed, "weight decay of the network whose neurons are drawn", 1e-3)
  ]
  let remark =
    "The essay lists five blocks; the sixth chamber keeps no sample. Two of the five rows are parallel, so that there are three lines, not five."

  /// The example's samples.
  static let rows = [[2.0, 1], [1, 2], [2, 4], [4, 2], [-1, 1]]
  static let labels = [1.0, -1, -1, 1, -1]

  func run(_ run: StudyRun) throws {
    let design = Matrix(Self.rows)
    let arrangement = try Arrangement(design)
    let tree = try arrangement.chambers()
    let subject = StudySubject(panel: "", dataset: try Dataset(features: design, targets: Self.labels))
    let proven = try run.prove(
      "optimum", on: subject, with: Training(beta: .value(run.number("beta")), gap: 1e-6))
    var points = TextRows(["chamber", "row", "x1", "x2", "label", "active"])
    var chambers = TextRows(["chamber", "pattern", "u1", "u2"])
    for chamber in 0..<tree.count {
      let pattern = tree.pattern(chamber)
      let inside = tree.interiorPoint(chamber)
      for (i, row) in Self.rows.enumerated() {
        points.append([
          "\(chamber + 1)", "\(i + 1)", "\(row[0])", "\(row[1])", "\(Self.labels[i])", pattern[i] ? "1" : "0",
        ])
      }
      chambers.append([
        "\(chamber + 1)", Self.rows.indices.map { pattern[$0] ? "1" : "0" }.joined(), "\(inside[0])",
        "\(inside[1])",
      ])
      run.add(
        "chamber-\(chamber + 1)", plot(chamber, pattern, inside, neurons: proven.outcome.network.twoLayer))
    }
    run.add("points", points)
    run.add("chambers", chambers)
    run.add(
      Claim(
        "there are six chambers", printed: "6",
        measured: "\(tree.count) chambers of \(arrangement.hyperplaneCount) lines", holds: tree.count == 6))
    let empty = (0..<tree.count).count { chamber in
      Self.rows.indices.allSatisfy { !tree.pattern(chamber)[$0] }
    }
    run.add(
      Claim(
        "five of them keep samples", printed: "5", measured: "\(tree.count - empty)",
        holds: tree.count - empty == 5))
  }

  private func plot(
    _ chamber: Int, _ pattern: ActivationPattern, _ inside: [Double], neurons: TwoLayerNetwork?
  ) -> Plot {
    let reach = 5.0
    let lines = Self.rows.map { row in
      let scale = reach / norm(row)
      return Mark.line(
        [Mark.Point(-scale * row[1], scale * row[0]), Mark.Point(scale * row[1], -scale * row[0])], .grey,
        dashed: true)
    }
    func points(_ isActive: Bool) -> [Mark.Point] {
      Self.rows.indices.filter { pattern[$0] == isActive }.map {
        Mark.Point(Self.rows[$0][0], Self.rows[$0][1])
      }
    }
    let scale = 3 / norm(inside)
    var marks =
      lines + [
        .points(points(false), .grey), .points(points(true), .blue),
        .line([Mark.Point(0, 0), Mark.Point(scale * inside[0], scale * inside[1])], .vermilion),
      ]
    if let neurons {
      for j in 0..<neurons.neurons where neurons.hidden.row(j).contains(where: { $0 != 0 }) {
        let u = Array(neurons.hidden.row(j))
        let length = 2 / norm(u)
        marks.append(.line([Mark.Point(0, 0), Mark.Point(length * u[0], length * u[1])], .green))
      }
    }
    return Plot(
      "Chamber \(chamber + 1)",
      description:
        "Samples that a neuron of this chamber keeps in blue, its direction in red, the optimum's neurons in green.",
      x: Axis("x1", holding: [-reach, reach]), y: Axis("x2", holding: [-reach, reach]), marks: marks,
      legend: [(.blue, "kept"), (.grey, "not kept"), (.vermilion, "inside"), (.green, "neurons")])
  }
}
