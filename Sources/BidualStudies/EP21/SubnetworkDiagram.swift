import Bidual
import BidualPlots

/// EP21's Figure 1: parallel three-layer sub-networks as a diagram, of a network that was trained.
struct SubnetworkDiagram: Study {
  let id = "ep21-fig1"
  let title = "Parallel three-layer sub-networks, drawn from a trained network"
  let system = "The parallel architecture (1), trained with its certificate."
  let remark = "The paper's figure is a diagram without numbers; this one has those of a certified network."
  let settings = SmallSubnetworks.settings

  /// Edges that are thinner than this share of the layer's largest are dashed.
  private static let thin = 0.2

  private struct Edge {
    let layer: Int
    let group: Int
    let from: Mark.Point
    let to: Mark.Point
    let weight: Double
  }

  func run(_ run: StudyRun) throws {
    let network = try SmallSubnetworks.trained(run).network
    let edges = edges(of: network)
    var rows = TextRows(["group", "layer", "from", "to", "weight"])
    for edge in edges {
      rows.append(["\(edge.group)", "\(edge.layer)", "\(edge.from.y)", "\(edge.to.y)", "\(edge.weight)"])
    }
    run.add("edges", rows)
    run.add("diagram", plot(edges))
    run.add(
      Claim(
        "a network of parallel sub-networks", printed: "3",
        measured: "\(network.neurons) sub-networks of \(network.width) units",
        holds: network.neurons <= run.count("subnetworks")))
  }

  /// Inputs stand at 0, units at 1, second layers at 2, the output at 3.
  private func edges(of network: ThreeLayerNetwork) -> [Edge] {
    let (m, groups) = (network.width, network.neurons)
    let units = Double(max(1, m * groups))
    func inputPlace(_ k: Int) -> Mark.Point {
      Mark.Point(0, units * (Double(k) + 0.5) / Double(network.inputs) - 0.5)
    }
    let output = Mark.Point(3, units / 2 - 0.5)
    return (0..<groups).flatMap { group -> [Edge] in
      let head = Mark.Point(2, Double(group * m) + 0.5 * Double(m - 1))
      let first = (0..<m).flatMap { j -> [Edge] in
        let place = Mark.Point(1, Double(group * m + j))
        let row = Array(network.hidden.row(group * m + j))
        return row.indices.map { k in
          Edge(layer: 1, group: group, from: inputPlace(k), to: place, weight: row[k])
        } + [Edge(layer: 2, group: group, from: place, to: head, weight: network.inner[group * m + j])]
      }
      return first + [Edge(layer: 3, group: group, from: head, to: output, weight: network.output[group])]
    }
  }

  private func plot(_ edges: [Edge]) -> Plot {
    var marks: [Mark] = []
    for edge in edges where edge.weight != 0 {
      let largest = edges.filter { $0.layer == edge.layer }.reduce(0) { max($0, abs($1.weight)) }
      marks.append(
        .line(
          [edge.from, edge.to], edge.weight > 0 ? .blue : .orange,
          dashed: abs(edge.weight) < Self.thin * largest))
    }
    marks.append(.points(edges.flatMap { [$0.from, $0.to] }, .grey))
    return Plot(
      "A trained parallel network",
      description: "Inputs, units, second layers and output of each sub-network, with an edge a weight.",
      x: Axis("layer", categories: ["inputs", "first layer", "second layer", "output"]),
      y: Axis("unit", holding: edges.flatMap { [$0.from.y, $0.to.y] }), marks: marks,
      legend: [(.blue, "positive"), (.orange, "negative"), (.grey, "dashed: small")])
  }
}
