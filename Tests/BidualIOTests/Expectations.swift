import BidualLinear
import BidualModels
import Testing

/// Expects the body to throw a `DataError` with exactly this kind and message.
func expectError(
  _ kind: DataError.Kind, _ message: String, sourceLocation: SourceLocation = #_sourceLocation,
  _ body: () throws -> some Any
) {
  let error = #expect(throws: DataError.self, sourceLocation: sourceLocation) { _ = try body() }
  #expect(error?.kind == kind && error?.description == message, sourceLocation: sourceLocation)
}

/// The bit patterns of doubles, which tell −0 from 0.
func bits(_ values: [Double]) -> [UInt64] { values.map(\.bitPattern) }
