import BidualPolars

/// The atoms XUα with ‖u‖ ≤ 1 and ‖α‖ ≤ 1, U the circulant matrix of u, over a design whose own features are the coordinates: what a
/// circular shift means, no other coordinates know.
package struct CircularConvolutionAtoms: Atoms {
  package let geometry: Geometry

  package func oracle(threads: Int) -> any PolarOracle { FrequencyPolar(geometry.design) }
}
