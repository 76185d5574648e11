import BidualLinear

/// Whether a design X is *spike-free*: every atom (Xu)₊ with ‖u‖ ≤ 1 is Xu′ for some ‖u′‖ ≤ 1.
///
/// The nonconvex set of atoms then has the convex description {Xu : ‖u‖ ≤ 1, Xu ≥ 0}: one activation
/// pattern, D = I, is enough, and the polar is a convex problem at any rank.
///
/// **Exact criterion.** Leave out zero rows and count rows that are positive multiples of one another once.
/// X is spike-free if and only if the rays that remain are linearly independent and G = (XXᵀ)⁻¹ has no
/// positive entry off its diagonal (XXᵀ is an inverse M-matrix).
///
/// *Dependent rays.* Let Σcᵢxᵢ = 0, c ≠ 0. Then cᵀXu′ = 0 for all u′, so spike-freeness needs Σcᵢ(xᵢᵀu)₊ = 0
/// for all u. If two rays are opposed, x and −ax, take c = (a, 1) on them: the sum is a|xᵀu|. If none are, the
/// hyperplanes are distinct, and a term with cᵢ ≠ 0 has a kink where no other term has one. Either way the
/// sum is not zero.
///
/// *Independent rays.* Xu = t can be solved for every t, at best with ‖u‖² = tᵀGt. So X is spike-free iff
/// t₊ᵀGt₊ ≤ tᵀGt for all t = t₊ − t₋, that is iff t₋ᵀGt₋ ≥ 2t₊ᵀGt₋. No positive off-diagonal entry makes
/// the right side ≤ 0. If Gᵢⱼ > 0, then t = eᵢ − εeⱼ makes it 2εGᵢⱼ against ε²Gⱼⱼ: false for small ε. ∎
///
/// Rows that are multiples of one another up to 10⁻¹² of their length count as multiples.
package enum SpikeFreeness: Sendable, Equatable {
  /// Spike-free to within rounding: atoms lie in {Xu : ‖u‖ ≤ stretch, Xu ≥ 0}, with a stretch of 1, or above 1
  /// by at most 10⁻⁹ where rounding hides the sign of an entry of G.
  case spikeFree(stretch: Double)
  /// Not spike-free, with an atom that proves it.
  case notSpikeFree(SpikeWitness)
  /// Not decided; atoms lie in {Xu : ‖u‖ ≤ stretch, Xu ≥ 0} all the same (which says nothing if the
  /// stretch is infinite).
  case undecided(stretch: Double)

  /// The largest stretch that passes for rounding.
  static let roundedStretch = 1 + 1e-9

  /// Decides for `design`, n×d, whose entries must be finite.
  ///
  /// - Complexity: O(nd + m²d) for m ≤ d rays, O(nd + d³) for more.
  package init(of design: Matrix) {
    let rays = Rays(of: design)
    if let opposed = rays.opposed {
      self =
        SpikeWitness(opposed: opposed, of: design).map(Self.notSpikeFree) ?? .undecided(stretch: .infinity)
      return
    }
    guard rays.count > 0 else {
      self = .spikeFree(stretch: 1)
      return
    }
    guard let enclosure = GramInverse(of: rays.rows) else {
      self =
        SpikeWitness(dependent: rays, of: design).map(Self.notSpikeFree) ?? .undecided(stretch: .infinity)
      return
    }
    let stretch = enclosure.stretch
    if stretch <= Self.roundedStretch {
      self = .spikeFree(stretch: stretch)
    } else if let witness = SpikeWitness(rays, enclosure, of: design) {
      self = .notSpikeFree(witness)
    } else {
      self = .undecided(stretch: stretch)
    }
  }
}
