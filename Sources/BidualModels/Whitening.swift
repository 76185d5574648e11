import BidualLinear

extension Preprocessing {
  /// A linear map of the features that makes the training samples' covariances as plain as they can be:
  /// inputs are Wᵀx, with W from the decomposition X = U·diag(σ)·Vᵀ of the n×d features.
  ///
  /// The new design XW has orthonormal columns for rank d, and orthonormal rows, XXᵀ = I, for rank n:
  /// then the polar, and with the squared loss the optimum, have closed forms (W25, Theorem 2.2). Features
  /// of lower rank r are whitened on the span of the samples (the pseudo-inverse): XW(XW)ᵀ = UUᵀ.
  ///
  /// Features are whitened as they come, without centring: whoever wants means gone standardises first.
  /// (Centred rows add up to zero, so that n samples then have rank n − 1.) A bias column is appended after.
  public struct Whitening: Sendable, Equatable {
    /// Which of the maps that whiten.
    public enum Kind: String, Sendable, CaseIterable {
      /// W = V·diag(1/σ)·Vᵀ, d×d: inputs stay as close to the features as whitened ones can.
      case zca
      /// W = V·diag(1/σ), d×r: one input a principal direction, the strongest first.
      case pca
    }

    /// Which map it is.
    public let kind: Kind
    /// W, one feature a row.
    public let matrix: Matrix

    /// A whitening from its parts.
    public init(kind: Kind, matrix: Matrix) {
      self.kind = kind
      self.matrix = matrix
    }

    /// The whitening of `features`, n×d; singular values up to 4·max(n, d)·2⁻⁵²·σ₁ count as zero.
    ///
    /// - Throws: `DataError` of kind `badData` if all features are zero, or so small or large that the map
    ///   overflows.
    /// - Complexity: O(nd·min(n, d)), and O(d²r) for `zca`.
    public init(_ kind: Kind, of features: Matrix) throws(DataError) {
      guard let singular = SingularValues(of: features) else {
        throw DataError(.badData, "the features can't be decomposed to whiten them; train without whitening")
      }
      let tolerance = 4 * Double(max(features.rows, features.columns)) * 0x1p-52
      let largest = singular.values.first ?? 0
      let rank = singular.values.count { $0 > tolerance * largest }
      guard rank > 0 else {
        throw DataError(
          .badData, "all features are zero or constant, so there is nothing to whiten; check the columns")
      }
      let directions = singular.rightTransposed.selectingRows(0..<rank)
      var scaled = directions
      for k in 0..<rank {
        for j in 0..<scaled.columns { scaled[k, j] /= singular.values[k] }
      }
      let matrix =
        switch kind {
        case .zca: scaled.transposedTimes(directions)
        case .pca: scaled.transposed
        }
      guard matrix.elements.allSatisfy(\.isFinite) else {
        throw DataError(
          .badData, "a feature overflows when it is whitened; rescale the columns with the smallest numbers")
      }
      self.init(kind: kind, matrix: matrix)
    }

    /// The inputs XW for features X, n×d.
    ///
    /// Each entry is summed in the order of the features, so that a row's inputs depend on nothing but the
    /// row, and are the same bytes on every machine.
    ///
    /// - Complexity: O(ndr).
    public func inputs(for features: Matrix) -> Matrix {
      let d = matrix.rows
      let r = matrix.columns
      precondition(features.columns == d)
      var result = Matrix(rows: features.rows, columns: r)
      result.elements.withUnsafeMutableBufferPointer { output in
        matrix.elements.withUnsafeBufferPointer { map in
          for i in 0..<features.rows {
            for j in 0..<d {
              let x = features[i, j]
              for k in 0..<r { output[i * r + k] += x * map[j * r + k] }
            }
          }
        }
      }
      return result
    }
  }
}
