import BidualDamage
import BidualLinear
import BidualModels
import Testing

@testable import BidualIO

/// ONNX files: what is written is read back, graphs of other exporters are understood, all else is named, and nothing traps.
@Suite struct ONNXTests {
  private let hidden = Matrix([[1, -2.5, 0.1], [0, 3, -1]])
  private let head = Matrix([[0.5, -2]])

  private func model(_ preprocessing: Preprocessing = .init(bias: true), offset: Double? = 0.25) throws
    -> Model
  {
    try Model(
      featureNames: ["a", "b"], targetNames: ["y"], preprocessing: preprocessing,
      network: TwoLayerNetwork(hidden: hidden, output: [0.5, -2], offset: offset), loss: "squared", beta: 1)
  }

  private func walk(_ bytes: [UInt8]) throws -> ImportedLayers {
    try ImportedLayers(ONNXGraph(bytes: bytes, folder: "/nowhere/"))
  }

  @Test func whatIsWrittenIsReadBack() throws {
    let scales = Preprocessing.Standardization(means: [3, -1], scales: [2, 0.5])
    let bytes = try ONNXFile.bytes(model(.init(standardization: scales, bias: true)), as: .float64)
    let read = try walk(bytes)
    #expect(read.layers.count == 2)
    #expect(read.layers[0].weights == hidden.selectingColumns([0, 1]))
    #expect(read.layers[0].biases == [0.1, -1])
    #expect(read.layers[1].weights == head && read.layers[1].biases == [0.25])
    #expect(read.scaling?.means == [3, -1] && read.scaling?.scales == [2, 0.5])
    let single = try walk(ONNXFile.bytes(model(), as: .float32))
    #expect(single.layers[0].biases == [Double(Float(0.1)), -1] && single.scaling == nil)
  }

  @Test func networksWithoutNeuronsAreWritten() throws {
    let empty = try Model(
      featureNames: ["a", "b"], targetNames: ["y"], preprocessing: .init(),
      network: TwoLayerNetwork(hidden: Matrix(rows: 0, columns: 2), output: [], offset: 3), loss: "squared",
      beta: 1)
    let read = try walk(ONNXFile.bytes(empty, as: .float64))
    #expect(read.layers[1].biases == [3] && read.layers[1].weights.elements == [0])
  }

  // MARK: Graphs as other exporters write them

  private func tensor(_ name: String, _ shape: [Int], _ values: [Double], isRaw: Bool = true)
    -> Protobuf.Message
  {
    Protobuf.Message { message in
      for size in shape { message.put(1, size) }
      message.put(2, 1)
      message.put(8, name)
      let bytes = values.flatMap { withUnsafeBytes(of: Float($0).bitPattern.littleEndian) { Array($0) } }
      message.put(isRaw ? 9 : 4, bytes)
    }
  }

  private func node(
    _ operation: String, _ inputs: [String], _ output: String, attributes: [Protobuf.Message] = []
  ) -> Protobuf.Message {
    Protobuf.Message { message in
      for input in inputs { message.put(1, input) }
      message.put(2, output)
      message.put(3, "the \(operation)")
      message.put(4, operation)
      for attribute in attributes { message.put(5, attribute) }
    }
  }

  private func graph(_ nodes: [Protobuf.Message], _ tensors: [Protobuf.Message], inputs: [String] = ["x"])
    -> [UInt8]
  {
    let graph = Protobuf.Message { message in
      for node in nodes { message.put(1, node) }
      for tensor in tensors { message.put(5, tensor) }
      for input in inputs { message.put(11, Protobuf.Message { $0.put(1, input) }) }
    }
    return Protobuf.Message { $0.put(7, graph) }.bytes
  }

  private var weights: [Protobuf.Message] {
    [
      // Two inputs to three units, as MatMul wants them; biases of one row.
      tensor("W", [2, 3], [1, 2, 3, 4, 5, 6], isRaw: false), tensor("b", [1, 3], [7, 8, 9]),
      tensor("A", [3, 1], [1, -1, 2]), tensor("o", [1], [0.5]),
    ]
  }

  /// scikit-learn's converter: products and sums, a cast before and a reshape behind, a sigmoid at the end.
  @Test func productsAndSumsAreDenseLayers() throws {
    let nodes = [
      node("Cast", ["x"], "x1"), node("Sub", ["x1", "m"], "x2"), node("Div", ["x2", "s"], "x3"),
      node("MatMul", ["x3", "W"], "h1"), node("Add", ["b", "h1"], "h2"), node("Relu", ["h2"], "r"),
      node("MatMul", ["r", "A"], "y1"), node("Add", ["y1", "o"], "y2"),
      node("Reshape", ["y2", "shape"], "y3"),
      node("Sigmoid", ["y3"], "p"),
    ]
    let scales = [tensor("m", [1, 2], [1, 2]), tensor("s", [1, 2], [4, 8])]
    // Old files list what is initialised among the inputs.
    let read = try walk(graph(nodes, weights + scales, inputs: ["x", "W"]))
    #expect(read.layers[0].weights == Matrix([[1, 4], [2, 5], [3, 6]]))
    #expect(read.layers[0].biases == [7, 8, 9] && read.layers[1].biases == [0.5])
    #expect(read.layers[1].weights == Matrix([[1, -1, 2]]))
    #expect(read.scaling?.means == [1, 2] && read.scaling?.scales == [4, 8])
  }

  @Test func scalersHaveAttributes() throws {
    func attribute(_ name: String, _ values: [Double]) -> Protobuf.Message {
      Protobuf.Message { message in
        message.put(1, name)
        message.put(
          7, values.flatMap { withUnsafeBytes(of: Float($0).bitPattern.littleEndian) { Array($0) } })
      }
    }
    let nodes = [
      node(
        "Scaler", ["x"], "x1", attributes: [attribute("offset", [3, 4]), attribute("scale", [0.5, 0.25])]),
      node("MatMul", ["x1", "W"], "h"), node("Relu", ["h"], "r"), node("MatMul", ["r", "A"], "y"),
    ]
    let read = try walk(graph(nodes, weights))
    #expect(read.scaling?.means == [3, 4] && read.scaling?.scales == [2, 4])
  }

  @Test(arguments: [
    ("Tanh", "node 'the Tanh' (operator Tanh) is none of dense layers"),
    ("Relu6", "node 'the Relu6' (operator Relu6)"),
  ]) func otherNodesAreNamed(operation: String, message: String) {
    let nodes = [
      node("MatMul", ["x", "W"], "h"), node(operation, ["h"], "r"), node("MatMul", ["r", "A"], "y"),
    ]
    let error = #expect(throws: DataError.self) { try walk(graph(nodes, weights)) }
    #expect(error?.description.hasPrefix(message) == true, "\(error?.description ?? "")")
  }

  @Test func graphsThatAreNoNetworksAreRefused() {
    let relu = [node("MatMul", ["x", "W"], "h"), node("Relu", ["h"], "y")]
    let misfit = [
      node("MatMul", ["x", "W"], "h"), node("Relu", ["h"], "r"), node("MatMul", ["r", "W"], "y"),
    ]
    let circle = [node("Identity", ["x"], "x")]
    let negative = [
      node("Mul", ["x", "m"], "x1"), node("MatMul", ["x1", "W"], "h"), node("Relu", ["h"], "r"),
      node("MatMul", ["r", "A"], "y"),
    ]
    let outside = Protobuf.Message { message in
      message.put(1, 3)
      message.put(8, "A")
      message.put(
        13,
        Protobuf.Message { entry in
          entry.put(1, "location")
          entry.put(2, "../secret")
        })
    }
    for bytes in [
      graph(relu, weights), graph(misfit, weights), graph(circle, weights),
      graph(relu, weights, inputs: ["x", "z"]),
      graph(negative, weights + [tensor("m", [2], [1, -1])]), graph(misfit, [outside]), [], [1, 2, 3],
      Array("not a graph".utf8),
    ] { #expect(throws: DataError.self) { try walk(bytes) } }
  }

  /// Bytes flipped, lost and doubled end in a network or an error that says so, never in a trap.
  @Test func damagedFilesAreNoDanger() throws {
    let scales = Preprocessing.Standardization(means: [3, -1], scales: [2, 0.5])
    let files = [
      try ONNXFile.bytes(model(.init(standardization: scales, bias: true)), as: .float32),
      graph(
        [node("MatMul", ["x", "W"], "h"), node("Relu", ["h"], "r"), node("MatMul", ["r", "A"], "y")], weights),
    ]
    var random = SeededGenerator(seed: 11)
    var refused = 0
    for round in 0..<10_000 {
      do {
        _ = try walk(ByteDamage.damaged(files[round % files.count], using: &random))
      } catch {
        refused += 1
      }
    }
    #expect(refused > 1000 && refused < 10_000)
  }
}
