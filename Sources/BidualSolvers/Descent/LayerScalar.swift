import BidualLinear
import CBidualKernels

/// A number type that the kernels of a ReLU layer are compiled for: `Double` or `Float`.
protocol LayerScalar: BLASScalar {
  /// The smallest half-width of a rounded kink whose reciprocal times any height is a number.
  static var leastKink: Double { get }
  /// `bidual_relu_outputs` of the type, or `bidual_smooth_relu_outputs` for rounded kinks.
  static func outputs(
    _ rows: Int, _ width: Int, _ heights: UnsafePointer<Self>, _ output: UnsafePointer<Self>,
    kinks: LayerKinks<Self>?, _ predictions: UnsafeMutablePointer<Self>)
  /// `bidual_relu_adjoint` of the type, or `bidual_smooth_relu_adjoint` for rounded kinks.
  static func adjoint(
    _ rows: Int, _ width: Int, _ heights: UnsafeMutablePointer<Self>, _ output: UnsafePointer<Self>,
    kinks: LayerKinks<Self>?, _ slopes: UnsafePointer<Self>, _ outputGradient: UnsafeMutablePointer<Self>)
}

/// The half-widths k of rounded kinks and 1/(2k), in the type of a layer.
struct LayerKinks<Scalar: LayerScalar> {
  let widths: [Scalar]
  let slopes: [Scalar]

  init(_ rounding: RoundedKinks) {
    let widths = rounding.neurons.map { max($0, Scalar.leastKink) }
    self.widths = Scalar.rounded(widths)
    slopes = Scalar.rounded(widths.map { 0.5 / $0 })
  }
}

extension Double: LayerScalar {
  static var leastKink: Double { 1e-150 }

  static func outputs(
    _ rows: Int, _ width: Int, _ heights: UnsafePointer<Double>, _ output: UnsafePointer<Double>,
    kinks: LayerKinks<Double>?, _ predictions: UnsafeMutablePointer<Double>
  ) {
    if let kinks {
      bidual_smooth_relu_outputs_double(
        rows, width, heights, output, kinks.widths, kinks.slopes, predictions)
    } else {
      bidual_relu_outputs_double(rows, width, heights, output, predictions)
    }
  }

  static func adjoint(
    _ rows: Int, _ width: Int, _ heights: UnsafeMutablePointer<Double>, _ output: UnsafePointer<Double>,
    kinks: LayerKinks<Double>?, _ slopes: UnsafePointer<Double>,
    _ outputGradient: UnsafeMutablePointer<Double>
  ) {
    if let kinks {
      bidual_smooth_relu_adjoint_double(
        rows, width, heights, output, kinks.widths, kinks.slopes, slopes, outputGradient)
    } else {
      bidual_relu_adjoint_double(rows, width, heights, output, slopes, outputGradient)
    }
  }
}

extension Float: LayerScalar {
  static var leastKink: Double { 1e-30 }

  static func outputs(
    _ rows: Int, _ width: Int, _ heights: UnsafePointer<Float>, _ output: UnsafePointer<Float>,
    kinks: LayerKinks<Float>?, _ predictions: UnsafeMutablePointer<Float>
  ) {
    if let kinks {
      bidual_smooth_relu_outputs_float(
        rows, width, heights, output, kinks.widths, kinks.slopes, predictions)
    } else {
      bidual_relu_outputs_float(rows, width, heights, output, predictions)
    }
  }

  static func adjoint(
    _ rows: Int, _ width: Int, _ heights: UnsafeMutablePointer<Float>, _ output: UnsafePointer<Float>,
    kinks: LayerKinks<Float>?, _ slopes: UnsafePointer<Float>,
    _ outputGradient: UnsafeMutablePointer<Float>
  ) {
    if let kinks {
      bidual_smooth_relu_adjoint_float(
        rows, width, heights, output, kinks.widths, kinks.slopes, slopes, outputGradient)
    } else {
      bidual_relu_adjoint_float(rows, width, heights, output, slopes, outputGradient)
    }
  }
}
