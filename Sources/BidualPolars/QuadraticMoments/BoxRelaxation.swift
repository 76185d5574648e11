/// Where a box lies: its centre and half-lengths along the axes, the coordinate that is 1, the objective's index.
struct BoxPlace {
  let center: UnsafePointer<Double>
  let half: UnsafePointer<Double>
  let face: Int
  let side: Int
}

/// What is known of a box once its dual problems are posed.
struct PosedBox {
  /// The dual problems, or −1 for those that the box does without.
  var problems = SIMD2(-1, -1)
  /// What bounds the objective without the problems, for each of them.
  var keys = SIMD2(0.0, 0.0)
  /// The number τ ≥ 0 such that the problems bound the objective minus τ‖w‖; at least the threshold.
  var level = 0.0
  /// The objective at the centre, and whether its mirror image is meant.
  var value = 0.0
  var isMirrored = false
  /// The number of rows that change sign.
  var mixed = 0
  /// How many bounds it counts for.
  var nodes = 0
}

/// Quadratics above an objective on boxes, and the dual problems of their maxima.
///
/// On a box, and on its mirror image where that is no box of its own, the objective is at most the larger key of what
/// `pose` returns; problem k, once solved with the bound b, lowers key k to τ + max(0, b)/min‖w‖.
protocol BoxRelaxation: AnyObject, SendableMetatype {
  associatedtype Objective: BoxObjective

  /// How other processes are told an objective of its kind.
  static var order: FarmOrder { get }

  /// Room for as many dual problems as a search poses.
  init(for objective: Objective)

  /// The number r of coordinates.
  var rank: Int { get }
  /// The numbers of a row in a block.
  var rowSize: Int { get }
  /// The numbers of the linear part that is kept with a box.
  var linearSize: Int { get }
  /// The dual problems, up to two a box.
  var duals: BoxDuals { get }

  /// Packs the rows that change sign on a box at `target`, where there is room for the block and 16 rows more, and adds the
  /// others, linear there, to `linear`.
  func fold(
    _ rows: RowCounts, _ block: UnsafePointer<Double>, _ place: BoxPlace,
    linear: UnsafeMutablePointer<Double>, to target: UnsafeMutablePointer<Double>
  ) -> RowCounts

  /// Poses the problems of a box that is bounded by `keys` as far as the threshold asks for them.
  func pose(
    _ rows: RowCounts, _ block: UnsafeMutablePointer<Double>, _ place: BoxPlace,
    linear: UnsafePointer<Double>, _ sphere: SphereChord, _ objective: Objective, keys: SIMD2<Double>,
    threshold: Double
  ) -> PosedBox

  /// The share of an axis in what the rows of the box posed last lose.
  func share(_ axis: Int) -> Double

  /// Which of a box's problems is to be made easier first, once they are solved and gave these keys.
  func leading(_ posed: PosedBox, keys: SIMD2<Double>) -> Int
}
