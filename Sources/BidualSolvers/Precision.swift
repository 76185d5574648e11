import BidualModels

/// The arithmetic of products over the data, where training is bound by them.
///
/// Weights, losses, steps and everything that a certificate says stay in double.
public enum Precision: String, Sendable, CaseIterable {
  /// Doubles.
  case double
  /// Floats, which processors multiply twice as fast.
  case single
}

extension TrainingProblem {
  /// Refuses numbers that single precision can't hold with room for the products that training takes.
  ///
  /// Inputs, targets and sample weights must be at most 10¹⁵, and the largest of each at least 10⁻¹⁵: so
  /// products of two, summed over all samples, lie well inside a float's 10⁻³⁸ … 3·10³⁸.
  package func require(_ precision: Precision) throws(DataError) {
    guard precision == .single else { return }
    let d = design.columns
    func place(_ index: Int, _ name: String) -> String {
      name == "input" ? "row \(index / d + 1), input \(index % d + 1)" : "row \(index + 1), \(name)"
    }
    for (name, numbers) in [("input", design.elements), ("target", targets), ("sample weight", weights)] {
      if let index = numbers.firstIndex(where: { abs($0) > 1e15 }) {
        throw DataError(
          .badData,
          "\(place(index, name)): \(numbers[index]) is too large for single precision; change the units or use double precision"
        )
      }
      let largest = numbers.reduce(0) { max($0, abs($1)) }
      guard largest == 0 || largest >= 1e-15 else {
        throw DataError(
          .badData,
          "the largest \(name) is \(largest), too small for single precision; change the units or use double precision"
        )
      }
    }
  }
}
