import BidualModels
import BidualPolars

/// The state of a search in a form for checkpoints.
package struct SearchDocument: Codable, Sendable {
  private enum Content {
    case boxes(BoxSearchDocument)
    case cones(ConeSearchDocument)
  }

  private let content: Content

  /// The document of a state.
  package init(_ state: SearchState) {
    content =
      switch state {
      case .boxes(let state): .boxes(BoxSearchDocument(state))
      case .cones(let state): .cones(ConeSearchDocument(state))
      }
  }

  /// Reads either.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    content =
      container.contains(.generators)
      ? .cones(try ConeSearchDocument(from: decoder)) : .boxes(try BoxSearchDocument(from: decoder))
  }

  /// Writes its fields alone.
  package func encode(to encoder: any Encoder) throws {
    switch content {
    case .boxes(let document): try document.encode(to: encoder)
    case .cones(let document): try document.encode(to: encoder)
    }
  }

  /// The state.
  ///
  /// - Throws: `DataError` of kind `badData` for numbers that are none of a search.
  package func state(path: String) throws(DataError) -> SearchState {
    switch content {
    case .boxes(let document): .boxes(try document.state(path: path))
    case .cones(let document): .cones(try document.state(path: path))
    }
  }

  /// What only cones have.
  private enum Key: CodingKey { case generators }
}

extension DataError {
  /// What numbers meet that are no state of a search.
  static func noSearch(_ path: String) -> DataError {
    DataError(.badData, "\(path): the numbers are no search of this proof; start afresh")
  }
}
