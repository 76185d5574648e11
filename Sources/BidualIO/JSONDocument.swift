import BidualModels

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// JSON files of our own making: written with sorted keys, so that equal content is equal bytes, and
/// read with errors that name the file and the field.
enum JSONDocument {
  static func write(_ document: some Encodable, to path: String) throws(DataError) {
    try AtomicFile.write(bytes(document), to: path)
  }

  static func bytes(_ document: some Encodable) throws(DataError) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    return try bytes(document, by: encoder) + [UInt8(ascii: "\n")]
  }

  /// For machines: on one line, with numbers that are not finite as words.
  static func compactBytes(_ document: some Encodable) throws(DataError) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return try bytes(document, by: encoder)
  }

  private static func bytes(_ document: some Encodable, by encoder: JSONEncoder) throws(DataError) -> [UInt8]
  {
    do {
      return [UInt8](try encoder.encode(document))
    } catch {
      throw DataError(.cannotWrite, "a number in the document is not finite; this is a fault of the program")
    }
  }

  static func read<Document: Decodable>(_ type: Document.Type, path: String, kind: String) throws(DataError)
    -> Document
  {
    try decode(type, from: try FileContents.read(path: path), path: path, kind: kind)
  }

  /// The document in the bytes of the file at a path.
  ///
  /// Keys that stand twice in one object are refused: the decoder takes the first, most readers the last. So is
  /// any encoding but UTF-8, in which alone they are looked for.
  static func decode<Document: Decodable>(
    _ type: Document.Type, from bytes: [UInt8], path: String, kind: String
  ) throws(DataError) -> Document {
    guard !bytes.contains(0) else {
      throw DataError(
        .badData, "\(path): not a \(kind): it is not text in UTF-8; give a file that bidual wrote")
    }
    if let repeated = RepeatedKey(in: bytes) {
      throw DataError(
        .badData,
        "\(path): not a \(kind): line \(repeated.line): field '\(Excerpt(repeated.key))' stands twice in one object; give a file that bidual wrote"
      )
    }
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    do {
      return try decoder.decode(type, from: Data(bytes))
    } catch let error as DecodingError {
      throw DataError(.badData, "\(path): not a \(kind): \(reason(error)); give a file that bidual wrote")
    } catch {
      throw DataError(
        .badData, "\(path): not a \(kind): the JSON can't be read; give a file that bidual wrote")
    }
  }

  private static func reason(_ error: DecodingError) -> String {
    func place(_ context: DecodingError.Context) -> String {
      let path = context.codingPath.map(\.stringValue).joined(separator: ".")
      return path.isEmpty ? "the document" : "field '\(path)'"
    }
    return switch error {
    case .keyNotFound(let key, _): "field '\(key.stringValue)' is missing"
    case .typeMismatch(_, let context): "\(place(context)) has the wrong type"
    case .valueNotFound(_, let context): "\(place(context)) is null"
    case .dataCorrupted(let context): "\(place(context)) is not valid JSON"
    @unknown default: "it can't be decoded"
    }
  }
}
