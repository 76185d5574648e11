import Bidual
import BidualPlots

/// EP21's Figure 3: the convex model's masks, of the groups that a certified network uses.
struct SubnetworkMasks: Study {
  let id = "ep21-fig3"
  let title = "The masks D₁ and D₂ of the convex model, from a solution"
  let system = "The corrected program (13) and its groups, by Proposition 1."
  let remark =
    "The paper's figure is a diagram: inputs times masks, then a linear layer. These are the masks of the groups of a certified solution, a row a unit and one for the second layer. Both versions of the paper write X̃ with 2n rows; it must be [X̃ X̃] side by side."
  let settings = SmallSubnetworks.settings

  func run(_ run: StudyRun) throws {
    let (dataset, network) = try SmallSubnetworks.trained(run)
    var masks = TextRows(["group", "layer", "neuron", "sign", "sample", "active"])
    var groups = TextRows(["group", "sign", "length"])
    var cells: [(x: Double, y: Double, share: Double)] = []
    let heights = dataset.features.timesTransposed(network.hidden)
    let m = network.width
    var error = 0.0
    var rebuilt = [Double](repeating: 0, count: dataset.samples)
    for group in 0..<network.neurons {
      var sums = [Double](repeating: 0, count: dataset.samples)
      for j in 0..<m {
        let unit = group * m + j
        for i in 0..<dataset.samples {
          let isActive = heights[i, unit] > 0
          sums[i] += isActive ? network.inner[unit] * heights[i, unit] : 0
          masks.append([
            "\(group)", "1", "\(j)", network.inner[unit] < 0 ? "-" : "+", "\(i)", isActive ? "1" : "0",
          ])
          cells.append((Double(i), Double(group * (m + 2) + j), isActive ? 0.5 : 0))
        }
      }
      let gamma = network.output[group]
      for i in 0..<dataset.samples {
        let isActive = sums[i] > 0
        rebuilt[i] += isActive ? gamma * sums[i] : 0
        masks.append(["\(group)", "2", "0", gamma < 0 ? "-" : "+", "\(i)", isActive ? "1" : "0"])
        cells.append((Double(i), Double(group * (m + 2) + m), isActive ? (gamma < 0 ? -1 : 1) : 0))
      }
      let units = (group * m)..<((group + 1) * m)
      let length = units.reduce(0) { $0 + abs(network.inner[$1]) * norm(network.hidden.row($1)) } * abs(gamma)
      groups.append(["\(group)", gamma < 0 ? "-" : "+", "\(length)"])
    }
    for (own, other) in zip(rebuilt, network.predictions(dataset.features)) {
      error = max(error, abs(own - other))
    }
    run.add("matrix", masks)
    run.add("groups", groups)
    run.add(
      "masks",
      Plot(
        "Masks of the groups in use",
        description:
          "A row a unit of the first layer, then a row for the second, for each group; filled where a sample passes.",
        x: Axis("sample", holding: cells.map(\.x) + [-0.5, Double(dataset.samples) - 0.5]),
        y: Axis("unit, then second layer, group by group", holding: cells.map(\.y)),
        marks: [.cells(cells, width: 1, height: 1)],
        legend: [(.blue, "passes; pale: first layer"), (.orange, "second layer, negative")]))
    run.add(
      Claim(
        "masks and linear layers predict what the network does",
        measured: "largest difference \(StudyText.short(error))", tolerance: "1e-9", holds: error <= 1e-9))
  }
}
