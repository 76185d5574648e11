import BidualDamage
import BidualLinear
import BidualModels
import Foundation
import Testing

@testable import BidualIO

/// safetensors files: what is written is read back, states of other programs are understood, all else is named, and nothing traps.
@Suite struct SafetensorsTests {
  private static let scales = Preprocessing.Standardization(means: [3, -1], scales: [2, 0.5])

  private func model(
    _ preprocessing: Preprocessing = .init(bias: true),
    hidden: Matrix = Matrix([[1, -2.5, 0.1], [0, 3, -1]]),
    offset: Double? = 0.25, activation: Activation = .relu
  ) throws -> Model {
    try Model(
      featureNames: ["a", "b"], targetNames: ["y"], preprocessing: preprocessing,
      network: TwoLayerNetwork(hidden: hidden, output: [0.5, -2], offset: offset, activation: activation),
      loss: "squared", beta: 1)
  }

  private func walk(_ bytes: [UInt8]) throws -> ImportedLayers {
    try ImportedLayers(SafetensorsState(bytes: bytes))
  }

  /// What layers predict for a row of features.
  private func prediction(_ layers: ImportedLayers, _ row: [Double]) -> Double {
    let hidden = layers.layers[0].weights.times(row)
    let active = zip(hidden, layers.layers[0].biases).map { max(0, $0 + $1) }
    return layers.layers[1].weights.times(active)[0] + layers.layers[1].biases[0]
  }

  @Test func whatIsWrittenIsReadBack() throws {
    let read = try walk(SafetensorsFile.bytes(model(), as: .float64))
    #expect(read.layers.count == 2 && read.scaling == nil)
    #expect(read.layers[0].weights == Matrix([[1, -2.5], [0, 3]]) && read.layers[0].biases == [0.1, -1])
    #expect(read.layers[1].weights == Matrix([[0.5, -2]]) && read.layers[1].biases == [0.25])
    let single = try walk(SafetensorsFile.bytes(model(), as: .float32))
    #expect(single.layers[0].biases == [Double(Float(0.1)), -1])
  }

  @Test func scalingAndWhiteningAreFoldedIn() throws {
    let whitening = Preprocessing.Whitening(kind: .pca, matrix: Matrix([[1.5, -0.25], [0.75, 2]]))
    for preprocessing in [
      Preprocessing(standardization: Self.scales, bias: true), .init(whitening: whitening, bias: true),
      .init(standardization: Self.scales, whitening: whitening, bias: true),
    ] {
      let model = try model(preprocessing)
      let read = try walk(SafetensorsFile.bytes(model, as: .float64))
      for row in [[1.0, 2], [-7, 0.3], [4, -5], [0, 0]] {
        let expected = model.predictions(Matrix([row]))[0]
        #expect(abs(prediction(read, row) - expected) <= 1e-13 * (1 + abs(expected)))
      }
    }
  }

  /// What a file holds, told on the model's own inputs.
  @Test func theContentIsTheRoundedModel() throws {
    let scaled = try model(.init(standardization: Self.scales, bias: true))
    let content = try SafetensorsFile.content(of: scaled, as: .float32)
    let read = try walk(SafetensorsFile.bytes(scaled, as: .float32))
    #expect(content.preprocessing == scaled.preprocessing && content != scaled)
    for row in [[1.0, 2], [-7, 0.3], [4, -5]] {
      let expected = content.predictions(Matrix([row]))[0]
      #expect(abs(prediction(read, row) - expected) <= 1e-13 * (1 + abs(expected)))
      #expect(abs(scaled.predictions(Matrix([row]))[0] - expected) <= 1e-5)
    }
    let plain = try model()
    #expect(try SafetensorsFile.content(of: plain, as: .float64) == plain)
    let whitening = Preprocessing.Whitening(kind: .pca, matrix: Matrix([[1, 0], [0, 1]]))
    expectError(
      .badSettings,
      "how far the network in a safetensors file is from optimal is not told of models that whiten; write an ONNX file"
    ) { try SafetensorsFile.content(of: model(.init(whitening: whitening, bias: true)), as: .float32) }
  }

  @Test func theHeadIsAligned() throws {
    let bytes = try SafetensorsFile.bytes(model(), as: .float32)
    let length = try #require(LittleEndian.integer(bytes, at: 0, size: 8))
    #expect(length % 8 == 0 && bytes.count == 8 + length + 4 * (4 + 2 + 2 + 1))
    #expect(
      String(decoding: bytes[8..<(8 + length)], as: UTF8.self).trimmingCharacters(in: .whitespaces)
        == #"{"0.bias":{"data_offsets":[16,24],"dtype":"F32","shape":[2]},"0.weight":{"data_offsets":[0,16],"dtype":"F32","shape":[2,2]},"2.bias":{"data_offsets":[32,36],"dtype":"F32","shape":[1]},"2.weight":{"data_offsets":[24,32],"dtype":"F32","shape":[1,2]},"__metadata__":{"bidual.beta":"1.0","bidual.features":"a\nb","bidual.loss":"squared","bidual.target":"y","format":"pt"}}"#
    )
  }

  @Test func networksThatAFileDoesNotHoldAreRefused() throws {
    expectError(
      .badSettings,
      "safetensors files do not say what stands between layers, and it is taken for a ReLU; write an ONNX file of a linear network"
    ) { try SafetensorsFile.bytes(model(activation: .linear), as: .float64) }
    let large = Matrix([[1e300, 0, 0], [0, 1, 0]])
    let message = "a number of the model is too large or too small for float32; write float64"
    expectError(.badSettings, message) { try SafetensorsFile.bytes(model(hidden: large), as: .float32) }
    expectError(.badSettings, message) { try ONNXFile.bytes(model(hidden: large), as: .float32) }
    #expect(
      try walk(SafetensorsFile.bytes(model(hidden: large), as: .float64)).layers[0].weights[0, 0] == 1e300)
  }

  // MARK: States of other programs

  private func file(_ tensors: [(name: String, type: String, shape: [Int], bytes: [UInt8])]) -> [UInt8] {
    var data: [UInt8] = []
    let entries = tensors.map { name, type, shape, bytes in
      defer { data += bytes }
      return
        #""\#(name)":{"dtype":"\#(type)","shape":\#(shape),"data_offsets":[\#(data.count),\#(data.count + bytes.count)]}"#
    }
    return file(head: "{" + entries.joined(separator: ",") + "}", data)
  }

  private func file(head: String, _ data: [UInt8]) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: head.utf8.count >> (8 * $0)) } + Array(head.utf8) + data
  }

  private func floats(_ values: [Float]) -> [UInt8] {
    values.flatMap { withUnsafeBytes(of: $0.bitPattern.littleEndian) { Array($0) } }
  }

  @Test func prefixesAndTypesAreUnderstood() throws {
    // 1, −2, 65504, 2⁻²⁴, 0.333251953125 and −0 in 16 bits; 1, −2 and 3.140625 in those of bfloat16.
    let half: [UInt8] = [0x00, 0x3C, 0x00, 0xC0, 0xFF, 0x7B, 0x01, 0x00, 0x55, 0x35, 0x00, 0x80]
    let brain: [UInt8] = [0x80, 0x3F, 0x00, 0xC0, 0x49, 0x40]
    // As a file has them that is ordered by types and names, the tenth layer before the second.
    let read = try walk(
      file([
        ("net.fc10.weight", "BF16", [1, 3], brain), ("net.fc2.bias", "F32", [3], floats([1, 2, 3])),
        ("net.fc2.weight", "F16", [3, 2], half),
      ]))
    #expect(read.layers[0].weights == Matrix([[1, -2], [65504, 0x1p-24], [0.333251953125, 0]]))
    #expect(read.layers[0].biases == [1, 2, 3])
    #expect(read.layers[1].weights == Matrix([[1, -2, 3.140625]]) && read.layers[1].biases == [0])
    #expect(try walk(file([("weight", "F32", [1, 2], floats([1, 2]))])).layers.count == 1)
  }

  @Test func whatIsNoDenseLayerIsNamed() throws {
    let first = ("0.weight", "F32", [2, 1], floats([1, 2]))
    let last = ("2.weight", "F32", [1, 2], floats([1, 2]))
    let remedy = "save a network of dense layers with ReLUs between them, and nothing else"
    let order =
      "among the layers can't be told; name the layers alike but for a rising number, such as 0.weight and 2.weight"
    for (bytes, message) in [
      (
        file([first, ("1.weight", "F32", [2], floats([1, 2])), last]),
        "tensor '1.weight' has the shape [2], not outputs × inputs; \(remedy)"
      ),
      (
        file([first, ("1.running_mean", "F32", [2], floats([1, 2])), last]),
        "tensor '1.running_mean' is neither the weights nor the biases of a dense layer; \(remedy)"
      ),
      (
        file([first, ("0.bias", "F32", [1], floats([1])), last]),
        "tensor '0.bias' has the shape [1], not one number for each of 2 outputs; \(remedy)"
      ),
      (
        file([first, ("1.bias", "F32", [2], floats([1, 2])), last]),
        "tensor '1.bias' has no weights beside it; \(remedy)"
      ),
      (
        file([("0.weight", "F32", [1, 1], floats([1])), last]),
        "tensor '2.weight' takes 2 inputs, but the layer before has 1 outputs; \(remedy)"
      ),
      (
        file([("a.weight", "F32", [2, 1], floats([1, 2])), ("b.weight", "F32", [1, 2], floats([1, 2]))]),
        "the place of tensor 'a.weight' \(order)"
      ),
      (
        file([
          ("a.0.weight", "F32", [2, 1], floats([1, 2])), ("b.2.weight", "F32", [1, 2], floats([1, 2])),
        ]),
        "the place of tensor 'b.2.weight' \(order)"
      ),
      (
        file([first, ("2.weight", "F32", [1, 2], floats([1, .infinity]))]),
        "tensor '2.weight' holds a weight that is not a finite number; train the network again"
      ),
      (
        file([("0.weight", "I8", [2, 1], [1, 2]), last]),
        "tensor '0.weight' holds numbers of type I8; save it as F32, by float() in PyTorch"
      ),
      (
        file([("0.weight", "F32", [2, 2], floats([1, 2])), last]),
        "the bytes of tensor '0.weight' are not all there; copy or save the file again"
      ),
      (
        Array(file([first, last]).dropLast()),
        "the bytes of tensor '2.weight' are not all there; copy or save the file again"
      ),
      (file([]), "the file holds no tensors; save the state_dict of a network of dense layers in it"),
      (
        Array(file([first, last]).prefix(40)),
        "not a safetensors file, or cut short in its header; save or copy the file again"
      ),
      (
        file(head: #"{"0.weight":{"dtype":"F32"}}"#, []),
        "the header of the safetensors file can't be understood; save the file again"
      ),
      (
        file(head: #"{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"a":1}"#, [0, 0, 0, 0]),
        "the header of the safetensors file can't be understood; save the file again"
      ),
    ] { expectError(.badData, message) { try walk(bytes) } }
    let huge = #"{"a.weight":{"dtype":"F32","shape":[9223372036854775807,4],"data_offsets":[0,4]}}"#
    expectError(.badData, "the bytes of tensor 'a.weight' are not all there; copy or save the file again") {
      try walk(file(head: huge, [0, 0, 0, 0]))
    }
  }

  /// Bytes flipped, lost and doubled end in a network or an error that says so, never in a trap.
  @Test func damagedFilesAreNoDanger() throws {
    let files = [
      try SafetensorsFile.bytes(model(), as: .float32),
      file([("0.weight", "F16", [2, 1], [0, 1, 2, 3]), ("1.weight", "BF16", [1, 2], [4, 5, 6, 7])]),
    ]
    var random = SeededGenerator(seed: 17)
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
