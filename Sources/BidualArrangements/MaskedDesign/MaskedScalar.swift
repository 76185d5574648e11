import BidualLinear
import CBidualKernels

/// A number type that the masked kernels are compiled for: `Double` or `Float`.
package protocol MaskedScalar: BLASScalar {
  /// The tile widths that the sums are compiled for, ascending.
  static var tileWidths: [Int] { get }
  /// The tile width that is fastest where the columns need several tiles.
  static var preferredTile: Int { get }
  /// sums ← sums + terms, `count` numbers each.
  static func add(_ count: Int, _ terms: UnsafePointer<Self>, to sums: UnsafeMutablePointer<Self>)
  /// `bidual_masked_sums` of the type.
  static func maskedSums(
    items: Int, sourceRows: Int, bytes: UnsafePointer<UInt8>, byteStride: Int, source: UnsafePointer<Self>,
    sourceStride: Int, width: Int, tile: Int, tables: UnsafeMutablePointer<Self>,
    sums: UnsafeMutablePointer<Self>)
  /// `bidual_masked_spread` of the type.
  static func maskedSpread(
    rows: Int, outputs: Int, design: UnsafePointer<Self>, features: Int, residual: UnsafePointer<Self>,
    first: Int, width: Int, source: UnsafeMutablePointer<Self>)
  /// `bidual_masked_dots` of the type.
  static func maskedDots(
    rows: Int, outputs: Int, design: UnsafePointer<Self>, features: Int, sums: UnsafePointer<Self>,
    first: Int, width: Int, tile: Int, fitted: UnsafeMutablePointer<Self>)
}

extension Double: MaskedScalar {
  /// The widths that the double kernel is compiled for.
  package static var tileWidths: [Int] { [4, 8, 12, 16, 20, 24] }
  /// The width that measured fastest.
  package static var preferredTile: Int { 16 }

  /// Adds in code for this type alone.
  package static func add(_ count: Int, _ terms: UnsafePointer<Double>, to sums: UnsafeMutablePointer<Double>)
  {
    for k in 0..<count { sums[k] += terms[k] }
  }
  /// Calls `bidual_masked_sums_double`.
  package static func maskedSums(
    items: Int, sourceRows: Int, bytes: UnsafePointer<UInt8>, byteStride: Int, source: UnsafePointer<Double>,
    sourceStride: Int, width: Int, tile: Int, tables: UnsafeMutablePointer<Double>,
    sums: UnsafeMutablePointer<Double>
  ) {
    bidual_masked_sums_double(
      items, sourceRows, bytes, byteStride, source, sourceStride, width, tile, tables, sums)
  }

  /// Calls `bidual_masked_spread_double`.
  package static func maskedSpread(
    rows: Int, outputs: Int, design: UnsafePointer<Double>, features: Int, residual: UnsafePointer<Double>,
    first: Int, width: Int, source: UnsafeMutablePointer<Double>
  ) {
    bidual_masked_spread_double(rows, outputs, design, features, residual, first, width, source)
  }

  /// Calls `bidual_masked_dots_double`.
  package static func maskedDots(
    rows: Int, outputs: Int, design: UnsafePointer<Double>, features: Int, sums: UnsafePointer<Double>,
    first: Int, width: Int, tile: Int, fitted: UnsafeMutablePointer<Double>
  ) {
    bidual_masked_dots_double(rows, outputs, design, features, sums, first, width, tile, fitted)
  }
}

extension Float: MaskedScalar {
  /// The widths that the float kernel is compiled for.
  package static var tileWidths: [Int] { [8, 16, 24, 32] }
  /// The width that measured fastest.
  package static var preferredTile: Int { 24 }

  /// Adds in code for this type alone.
  package static func add(_ count: Int, _ terms: UnsafePointer<Float>, to sums: UnsafeMutablePointer<Float>) {
    for k in 0..<count { sums[k] += terms[k] }
  }
  /// Calls `bidual_masked_sums_float`.
  package static func maskedSums(
    items: Int, sourceRows: Int, bytes: UnsafePointer<UInt8>, byteStride: Int, source: UnsafePointer<Float>,
    sourceStride: Int, width: Int, tile: Int, tables: UnsafeMutablePointer<Float>,
    sums: UnsafeMutablePointer<Float>
  ) {
    bidual_masked_sums_float(
      items, sourceRows, bytes, byteStride, source, sourceStride, width, tile, tables, sums)
  }

  /// Calls `bidual_masked_spread_float`.
  package static func maskedSpread(
    rows: Int, outputs: Int, design: UnsafePointer<Float>, features: Int, residual: UnsafePointer<Float>,
    first: Int, width: Int, source: UnsafeMutablePointer<Float>
  ) {
    bidual_masked_spread_float(rows, outputs, design, features, residual, first, width, source)
  }

  /// Calls `bidual_masked_dots_float`.
  package static func maskedDots(
    rows: Int, outputs: Int, design: UnsafePointer<Float>, features: Int, sums: UnsafePointer<Float>,
    first: Int, width: Int, tile: Int, fitted: UnsafeMutablePointer<Float>
  ) {
    bidual_masked_dots_float(rows, outputs, design, features, sums, first, width, tile, fitted)
  }
}
