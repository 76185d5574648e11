import CBidualKernels

/// Maxima of quadratics over the cube [−1, 1]ᵈ, bounded by Shor's dual, eight at a time.
///
/// For D ≥ 0 with M = diag D − H positive semidefinite, c + gᵀδ + ½δᵀHδ ≤ c + ½ΣD + gᵀδ − ½δᵀMδ on the cube, which
/// is largest at δ = M⁻¹g. Nothing is trusted of the search for a good D.
final class BoxDuals {
  private static let lanes = 8
  private static let steps = 18

  private let axes: Int
  /// Doubles of one group of eight problems: constants, bounds, slopes, D, the axes' shares and Hessians.
  private let groupSize: Int
  private let numbers: UnsafeMutablePointer<Double>
  private let scratch: UnsafeMutablePointer<Double>
  private(set) var count = 0

  /// Room for `capacity` problems, a multiple of eight.
  init(axes: Int, capacity: Int) {
    self.axes = axes
    groupSize = BoxDuals.lanes * (2 + 3 * axes + axes * axes)
    numbers = Self.aligned(capacity / BoxDuals.lanes * groupSize)
    scratch = Self.aligned(bidual_box_dual_scratch(axes))
  }

  deinit {
    numbers.deallocate()
    scratch.deallocate()
  }

  private static func aligned(_ count: Int) -> UnsafeMutablePointer<Double> {
    UnsafeMutableRawPointer.allocate(byteCount: max(1, count) * MemoryLayout<Double>.stride, alignment: 64)
      .bindMemory(to: Double.self, capacity: max(1, count))
  }

  func removeAll() { count = 0 }

  /// Where problem `index` has its constant; the parts that follow in steps of eight are given as offsets.
  private func place(_ index: Int) -> UnsafeMutablePointer<Double> {
    numbers + index / BoxDuals.lanes * groupSize + index % BoxDuals.lanes
  }

  private var slopes: Int { BoxDuals.lanes * 2 }
  private var weights: Int { slopes + BoxDuals.lanes * axes }
  private var shares: Int { weights + BoxDuals.lanes * axes }
  private var hessian: Int { shares + BoxDuals.lanes * axes }

  /// Adds the problem c + (even + sign·odd)ᵀδ + ½δᵀHδ and returns its index.
  func add(
    constant: Double, even: UnsafePointer<Double>, odd: UnsafePointer<Double>, sign: Double,
    hessian given: UnsafePointer<Double>
  ) -> Int {
    let start = place(count)
    start[0] = constant
    for j in 0..<axes { start[slopes + 8 * j] = even[j] + sign * odd[j] }
    for k in 0..<(axes * axes) { start[hessian + 8 * k] = given[k] }
    count += 1
    return count - 1
  }

  /// Bounds all problems; the barrier of the search starts at `barrier` > 0.
  func solve(barrier: Double) {
    let used = count
    // The last group is filled up with problems that are solved at once.
    while count % BoxDuals.lanes != 0 {
      let start = place(count)
      start[0] = -1
      for j in 0..<axes { start[slopes + 8 * j] = 0 }
      for k in 0..<(axes * axes) { start[hessian + 8 * k] = 0 }
      count += 1
    }
    for group in 0..<(count / BoxDuals.lanes) {
      let start = numbers + group * groupSize
      bidual_box_dual(
        axes, start + hessian, start + slopes, start, barrier, Self.steps, start + weights, scratch)
      bidual_box_bound(
        axes, start + hessian, start + slopes, start, start + weights, start + 8, start + shares, scratch)
    }
    count = used
  }

  /// The proven bound of a problem.
  func bound(_ index: Int) -> Double { place(index)[8] }

  /// What an axis costs in a problem's bound.
  func share(_ index: Int, axis: Int) -> Double { place(index)[shares + 8 * axis] }
}
