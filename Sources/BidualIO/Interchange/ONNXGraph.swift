import BidualModels

/// An ONNX file, as far as feed-forward networks need it: nodes in their order, and tensors by name.
struct ONNXGraph {
  /// Numbers with their shape, the last axis running fastest.
  struct Tensor {
    var shape: [Int] = []
    var elements: [Double] = []
  }

  /// One operation.
  struct Node {
    var name = ""
    var operation = ""
    var inputs: [String] = []
    var outputs: [String] = []
    /// Numbers by the names of attributes; one number is a list of one.
    var attributes: [String: [Double]] = [:]
    /// The tensor of a constant.
    var value: Tensor?

    /// What messages call it.
    var text: String { "node '\(Excerpt(name))' (operator \(Excerpt(operation)))" }
  }

  private(set) var nodes: [Node] = []
  private(set) var tensors: [String: Tensor] = [:]
  private(set) var inputs: [String] = []
  private(set) var outputs: [String] = []

  /// Reads a file's bytes; tensors that stand in files of their own are looked for in a folder.
  ///
  /// - Throws: `DataError` of kind `missingInput` or `badData`.
  /// - Complexity: O(bytes).
  init(bytes: [UInt8], folder: String) throws(DataError) {
    var graph: ArraySlice<UInt8>?
    var failure: DataError?
    do {
      try Protobuf.read(bytes[...]) { number, field throws(Protobuf.Malformed) in
        if number == 7, case .bytes(let content) = field { graph = content }
      }
      guard let graph else { throw Protobuf.Malformed() }
      try Protobuf.read(graph) { number, field throws(Protobuf.Malformed) in
        guard case .bytes(let content) = field else { return }
        switch number {
        case 1: nodes.append(try Self.node(content, folder, &failure))
        case 5:
          let (name, tensor) = try Self.tensor(content, folder, &failure)
          tensors[name] = tensor
        case 11: inputs.append(try Self.name(of: content))
        case 12: outputs.append(try Self.name(of: content))
        default: break
        }
      }
    } catch {
      throw failure ?? DataError(.badData, "not an ONNX file; give one that an exporter wrote")
    }
    if let failure { throw failure }
    for node in nodes where node.operation == "Constant" {
      if let value = node.value, let name = node.outputs.first { tensors[name] = value }
    }
  }

  private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

  private static func name(of value: ArraySlice<UInt8>) throws(Protobuf.Malformed) -> String {
    var name = ""
    try Protobuf.read(value) { number, field throws(Protobuf.Malformed) in
      if number == 1, case .bytes(let content) = field { name = text(content) }
    }
    return name
  }

  private static func node(_ bytes: ArraySlice<UInt8>, _ folder: String, _ failure: inout DataError?)
    throws(Protobuf.Malformed) -> Node
  {
    var node = Node()
    var trouble = failure
    try Protobuf.read(bytes) { number, field throws(Protobuf.Malformed) in
      guard case .bytes(let content) = field else { return }
      switch number {
      case 1: node.inputs.append(text(content))
      case 2: node.outputs.append(text(content))
      case 3: node.name = text(content)
      case 4: node.operation = text(content)
      case 5: try attribute(content, folder, &node, &trouble)
      default: break
      }
    }
    failure = trouble
    return node
  }

  private static func attribute(
    _ bytes: ArraySlice<UInt8>, _ folder: String, _ node: inout Node, _ failure: inout DataError?
  ) throws(Protobuf.Malformed) {
    var name = ""
    var numbers: [Double] = []
    var value: Tensor?
    var trouble = failure
    try Protobuf.read(bytes) { number, field throws(Protobuf.Malformed) in
      switch (number, field) {
      case (1, .bytes(let content)): name = text(content)
      case (2, .fixed32(let bits)), (7, .fixed32(let bits)): numbers.append(Double(Float(bitPattern: bits)))
      case (3, .varint(let bits)), (8, .varint(let bits)): numbers.append(Double(Int64(bitPattern: bits)))
      case (5, .bytes(let content)): value = try tensor(content, folder, &trouble).1
      case (7, .bytes(let content)): numbers += floats(content)
      case (8, .bytes(let content)): numbers += try integers(content).map { Double($0) }
      default: break
      }
    }
    failure = trouble
    node.attributes[name] = numbers
    if name == "value" { node.value = value }
  }

  private static func floats(_ bytes: ArraySlice<UInt8>) -> [Double] {
    words(bytes, 4).map { Double(Float(bitPattern: UInt32($0))) }
  }

  private static func doubles(_ bytes: ArraySlice<UInt8>) -> [Double] {
    words(bytes, 8).map { Double(bitPattern: $0) }
  }

  /// Words of so many bytes, the lowest byte first; what is left over is left out.
  private static func words(_ bytes: ArraySlice<UInt8>, _ size: Int) -> [UInt64] {
    (0..<(bytes.count / size)).map { index in
      let start = bytes.startIndex + index * size
      return (0..<size).reversed().reduce(0) { $0 << 8 | UInt64(bytes[start + $1]) }
    }
  }

  private static func integers(_ bytes: ArraySlice<UInt8>) throws(Protobuf.Malformed) -> [Int64] {
    var rest = bytes
    var values: [Int64] = []
    while !rest.isEmpty { values.append(Int64(bitPattern: try Protobuf.varint(&rest))) }
    return values
  }

  private static func tensor(_ bytes: ArraySlice<UInt8>, _ folder: String, _ failure: inout DataError?)
    throws(Protobuf.Malformed) -> (String, Tensor)
  {
    var name = ""
    var tensor = Tensor()
    var kind: UInt64 = 0
    var raw: ArraySlice<UInt8>?
    var place: [String: String] = [:]
    try Protobuf.read(bytes) { number, field throws(Protobuf.Malformed) in
      switch (number, field) {
      case (1, .varint(let size)): tensor.shape.append(Int(clamping: size))
      case (1, .bytes(let content)): tensor.shape += try integers(content).map { Int(clamping: $0) }
      case (2, .varint(let value)): kind = value
      case (4, .bytes(let content)): tensor.elements += floats(content)
      case (4, .fixed32(let bits)): tensor.elements.append(Double(Float(bitPattern: bits)))
      case (7, .bytes(let content)): tensor.elements += try integers(content).map { Double($0) }
      case (7, .varint(let bits)): tensor.elements.append(Double(Int64(bitPattern: bits)))
      case (8, .bytes(let content)): name = text(content)
      case (9, .bytes(let content)): raw = content
      case (10, .bytes(let content)): tensor.elements += doubles(content)
      case (10, .fixed64(let bits)): tensor.elements.append(Double(bitPattern: bits))
      case (13, .bytes(let content)):
        let (key, value) = try entry(content)
        place[key] = value
      default: break
      }
    }
    if raw == nil, !place.isEmpty {
      do throws(DataError) {
        raw = try external(place, folder)
      } catch {
        failure = failure ?? error
      }
    }
    if let raw {
      switch kind {
      case 1: tensor.elements = floats(raw)
      case 6: tensor.elements = words(raw, 4).map { Double(Int32(bitPattern: UInt32($0))) }
      case 7: tensor.elements = words(raw, 8).map { Double(Int64(bitPattern: $0)) }
      case 11: tensor.elements = doubles(raw)
      default: break
      }
    }
    let count = tensor.shape.reduce(1.0) { $0 * Double(max(0, $1)) }
    // Texts and the like have a shape and no numbers here; a walk that meets them says so.
    if !tensor.elements.isEmpty, count != Double(tensor.elements.count) { throw Protobuf.Malformed() }
    return (name, tensor)
  }

  private static func entry(_ bytes: ArraySlice<UInt8>) throws(Protobuf.Malformed) -> (String, String) {
    var (key, value) = ("", "")
    try Protobuf.read(bytes) { number, field throws(Protobuf.Malformed) in
      if number == 1, case .bytes(let content) = field { key = text(content) }
      if number == 2, case .bytes(let content) = field { value = text(content) }
    }
    return (key, value)
  }

  /// The bytes of a tensor that stands in a file beside the graph's.
  private static func external(_ place: [String: String], _ folder: String) throws(DataError)
    -> ArraySlice<UInt8>
  {
    let file = place["location"] ?? ""
    guard !file.isEmpty, !file.contains("/"), !file.contains("\\"), file != "..", file != "-" else {
      throw DataError(
        .badData, "weights are said to be in '\(Excerpt(file))', which is not beside the file; put them there"
      )
    }
    let bytes = try FileContents.read(path: folder + file)
    let start = place["offset"].map { Int($0) } ?? 0
    guard let start, (0...bytes.count).contains(start),
      let length = place["length"].map({ Int($0) }) ?? bytes.count - start,
      (0...(bytes.count - start)).contains(length)
    else {
      throw DataError(.badData, "weights are said to be outside '\(Excerpt(file))'; export the network again")
    }
    return bytes[start..<(start + length)]
  }
}
