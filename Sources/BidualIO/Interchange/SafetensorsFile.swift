import BidualLinear
import BidualModels

/// Writes models as safetensors files: `0.weight`, `0.bias`, `2.weight` and `2.bias`, as PyTorch names the state of dense layers with a ReLU between.
///
/// They take features as they are: scaling and whitening are folded into the first layer.
public enum SafetensorsFile {
  /// What names of such files end with.
  public static let suffix = ".safetensors"

  /// Writes a model, atomically.
  ///
  /// - Throws: `DataError` of kind `badSettings` for networks that such files are not written of here, of kind `cannotWrite`.
  public static func write(_ model: Model, to path: String, as element: ExportedElement = .float32)
    throws(DataError)
  {
    try AtomicFile.write(try bytes(model, as: element), to: path)
  }

  /// The bytes of the file.
  static func bytes(_ model: Model, as element: ExportedElement) throws(DataError) -> [UInt8] {
    let layers = try layers(of: model, as: element)
    let (width, outputs) = (layers.hidden.rows, layers.heads.rows)
    var header = SafetensorsHeader()
    var data: [UInt8] = []
    for (name, shape, values) in [
      ("0.weight", [width, layers.hidden.columns], layers.hidden.elements),
      ("0.bias", [width], layers.biases),
      ("2.weight", [outputs, width], layers.heads.elements), ("2.bias", [outputs], layers.offsets),
    ] {
      let bytes = element.bytes(values)
      header.tensors[name] = .init(
        type: (element == .float32 ? SafetensorsElement.float32 : .float64).rawValue, shape: shape,
        offsets: [data.count, data.count + bytes.count])
      data += bytes
    }
    // What PyTorch's readers look for.
    header.metadata = ["format": "pt"]
    for (name, text) in model.facts { header.metadata[name] = text }
    var head = try JSONDocument.compactBytes(header)
    // Numbers start where a processor likes to read them.
    head.append(contentsOf: repeatElement(UInt8(ascii: " "), count: (8 - head.count % 8) % 8))
    return (0..<8).map { UInt8(truncatingIfNeeded: head.count >> (8 * $0)) } + head + data
  }

  /// The model as the file has it, told on the inputs of the model, up to the rounding of doubles: what is folded in is taken out again.
  ///
  /// - Throws: `DataError` of kind `badSettings` as `write`, and for models that whiten, since inputs can't be told from what their whitening makes of them.
  package static func content(of model: Model, as element: ExportedElement) throws(DataError) -> Model {
    guard model.preprocessing.whitening == nil else {
      throw DataError(
        .badSettings,
        "how far the network in a safetensors file is from optimal is not told of models that whiten; write an ONNX file"
      )
    }
    let layers = try layers(of: model, as: element)
    let (m, d, c) = (layers.hidden.rows, layers.hidden.columns, layers.heads.rows)
    let scaling = model.preprocessing.standardization
    var rows = Matrix(rows: m, columns: d + 1)
    for j in 0..<m {
      rows[j, d] = layers.biases[j]
      for i in 0..<d {
        rows[j, i] = layers.hidden[j, i] * (scaling?.scales[i] ?? 1)
        rows[j, d] += layers.hidden[j, i] * (scaling?.means[i] ?? 0)
      }
    }
    // Rounding leaves biases even where there were none.
    let hasBias = model.preprocessing.bias || (0..<m).contains { rows[$0, d] != 0 }
    let network = TwoLayerNetwork(
      hidden: hasBias ? rows : rows.selectingColumns(Array(0..<d)), output: layers.heads.transposed.elements,
      outputs: c, offsets: model.network.offsets.isEmpty ? [] : layers.offsets)
    return try model.holding(
      network, behind: Preprocessing(standardization: scaling, bias: hasBias), as: element)
  }

  /// The numbers in the file.
  private static func layers(of model: Model, as element: ExportedElement) throws(DataError) -> ExportedLayers
  {
    var layers = try ExportedLayers(model, for: "safetensors")
    guard layers.hasReLUs else {
      throw DataError(
        .badSettings,
        "safetensors files do not say what stands between layers, and it is taken for a ReLU; write an ONNX file of a linear network"
      )
    }
    layers.fold(model.preprocessing)
    try layers.round(to: element)
    return layers
  }
}
