/// Coordinates of a design's rows in their own span: X = ZQᵀ + E with Q orthonormal, Z n×r.
///
/// Under ℓ₂ penalties training on Z is training on X (SEPP21, A.2): the weights of the two are u = Qw.
/// Everything Bidual does costs by r, so this comes first. A design of full column rank is left as it
/// is, so that exact ties in the data stay exact.
///
/// Singular values up to `tolerance`·σ₁ with tolerance = 4·max(n, d)·2⁻⁵² count as zero. What that and
/// rounding drop is bounded by `deviation` and `stretch`, which certificates charge for.
///
/// A row space may also be cut to its first directions. It is then that of the rows as these see them, and `truncation` says
/// how much of each row they miss.
package struct RowSpace: Sendable {
  /// The rows in the basis, n×r.
  package let coordinates: Matrix
  /// The orthonormal basis Q as columns, d×r; nil stands for the identity.
  package let basis: Matrix?
  /// For each row x an upper bound of ‖x − Qz‖; of a row space that was cut, of |xᵀQa − zᵀa| for unit Qa.
  package let deviation: [Double]
  /// What a row space that was cut misses of the rows; nil where no direction that counts was left out.
  package let truncation: Truncation?
  /// An upper bound of ‖Qᵀu‖ for unit u.
  package let stretch: Double

  /// The rank r.
  package var rank: Int { coordinates.columns }

  /// The row space of `design`, whose entries must be finite.
  ///
  /// - Complexity: O(nd·min(n, d)).
  package init(of design: Matrix) { self = RowSpace.analysis(of: design).space }

  /// The row space of `design` in its principal axes: Q holds the right singular vectors, the largest singular
  /// value first, also where the design has full column rank.
  ///
  /// The design's own features stand in where LAPACK finds no usable singular vectors. Entries must be finite.
  ///
  /// - Complexity: O(nd·min(n, d)).
  package init(principalAxesOf design: Matrix) {
    let (values, rank) = Self.spectrum(design)
    self =
      values.flatMap { RowSpace(design, onto: $0.rightTransposed.selectingRows(0..<rank)) }
      ?? RowSpace(unreduced: design)
  }

  /// The row space of `design` with the principal axes of its coordinates, as rows; nil where the coordinates are along
  /// them already, or LAPACK finds none.
  ///
  /// - Parameter limit: how many of the principal axes are kept, if there are more; all if nil.
  /// - Complexity: O(nd·min(n, d)).
  package static func analysis(of design: Matrix, limit: Int? = nil) -> (space: RowSpace, axes: Matrix?) {
    let (values, rank) = spectrum(design)
    let plain = RowSpace(unreduced: design)
    guard let values else { return (plain, nil) }
    if let limit, limit < rank {
      let first = values.rightTransposed.selectingRows(0..<limit)
      return (RowSpace(design, onto: first, isCut: true) ?? plain, nil)
    }
    let axes = values.rightTransposed.selectingRows(0..<rank)
    guard rank < design.columns || (rank > 0 && values.values[rank - 1] < 0.01 * values.values[0]) else {
      return (plain, axes)
    }
    return (RowSpace(design, onto: axes) ?? plain, nil)
  }

  /// The singular values of `design`, if LAPACK finds them, and how many of them count.
  private static func spectrum(_ design: Matrix) -> (values: SingularValues?, rank: Int) {
    Census.note(.decomposition)
    let values = SingularValues(of: design)
    let tolerance = 4 * Double(max(design.rows, design.columns)) * 0x1p-52
    let largest = values?.values.first ?? 0
    let rank = values.map { $0.values.count(where: { $0 > tolerance * largest }) } ?? design.columns
    return (values, rank)
  }

  /// Coordinates of `design` by the rows of `basis`, r×d; nil if these are too far from orthonormal.
  ///
  /// - Parameter isCut: whether directions that count are missing in the basis.
  package init?(_ design: Matrix, onto basis: Matrix, isCut: Bool = false) {
    let d = design.columns
    let rounding = 4 * Double(d + basis.rows + 2) * 0x1p-53
    guard let stretch = Self.stretch(basis, rounding: rounding) else { return nil }
    let coordinates = design.timesTransposed(basis)
    let rebuilt = coordinates.times(basis)
    // Rounding of the two products, entrywise at most (d + r)·2⁻⁵³‖x‖ each way, with room to spare.
    let distances = (0..<design.rows).map { i in
      let x = design.row(i)
      let distance = norm(zip(x, rebuilt.row(i)).map { $0 - $1 })
      return distance * (1 + rounding) + rounding * Double(d).squareRoot() * norm(x) + Double(d) * 0x1p-500
    }
    truncation =
      isCut
      ? Truncation(
        of: design, rebuilt: rebuilt, distances: distances,
        errors: (0..<design.rows).map {
          rounding * (distances[$0] + Double(d).squareRoot() * norm(design.row($0))) + Double(d) * 0x1p-500
        }) : nil
    // Along Q only the coordinates' own rounding is hidden: d·2⁻⁵³‖x‖‖q‖ in each, for weights of length at most the stretch.
    let own = rounding * Double(basis.rows).squareRoot() * stretch * stretch
    deviation =
      isCut
      ? (0..<design.rows).map { own * norm(design.row($0)) + Double(d + basis.rows) * 0x1p-500 } : distances
    self.stretch = stretch
    self.coordinates = coordinates
    self.basis = basis.transposed
  }

  /// The design's own features as coordinates, Q = I, for norms that no rotation preserves.
  package init(unreduced design: Matrix) {
    coordinates = design
    basis = nil
    deviation = Array(repeating: 0, count: design.rows)
    truncation = nil
    stretch = 1
  }

  /// An upper bound of ‖Q‖₂ for Q given as rows; nil if Q is too far from orthonormal to be of use.
  private static func stretch(_ basis: Matrix, rounding: Double) -> Double? {
    let gram = basis.timesTransposed(basis)
    var skew = 0.0
    for i in 0..<basis.rows {
      for j in 0..<basis.rows {
        let entry = abs(gram[i, j] - (i == j ? 1 : 0)) + rounding
        skew += entry * entry
      }
    }
    return skew < 0.25 ? 1 + skew.squareRoot() : nil
  }

  /// The weights in the design's own features, u = Qw, of neurons given as rows in the basis.
  package func lifted(_ weights: Matrix) -> Matrix {
    basis.map { weights.timesTransposed($0) } ?? weights
  }

  /// The coordinates Qᵀu of weights given as rows in the design's own features.
  package func reduced(_ weights: Matrix) -> Matrix {
    basis.map { weights.times($0) } ?? weights
  }
}
