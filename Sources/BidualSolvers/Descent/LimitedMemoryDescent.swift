import BidualLinear

/// Minimises a function by limited-memory BFGS with a weak Wolfe line search.
///
/// Every step lowers the value. With the weak Wolfe conditions found by bisection the method is known to work on
/// functions with kinks as well, where it ends at points at which no direction that it knows leads down
/// (Lewis & Overton, *Nonsmooth optimization via quasi-Newton methods*, Math. Program. 141, 2013, Algorithm 2.6).
///
/// Source of the recursion: Nocedal & Wright, *Numerical Optimization*, Algorithm 7.4.
struct LimitedMemoryDescent {
  /// How many steps the model of the curvature remembers.
  var memory = 20
  /// The largest number of steps.
  var maximumSteps = 1000
  /// Ends when `window` steps together lower the value by less than this share.
  var leastProgress = 1e-7
  /// See `leastProgress`.
  var window = 10
  /// Asked once a step.
  var isCancelled: () -> Bool = { false }

  /// Lowers the value from `point` on; returns the value reached and the number of steps.
  ///
  /// - Parameter evaluate: returns the value at its first argument and writes the gradient to its second.
  func minimize(
    _ point: inout [Double], _ evaluate: (_ point: [Double], _ gradient: inout [Double]) -> Double
  ) -> (value: Double, steps: Int) {
    let count = point.count
    var gradient = [Double](repeating: 0, count: count)
    var value = evaluate(point, &gradient)
    var trial = point
    var trialGradient = gradient
    var direction = gradient
    var history = History(count: count, capacity: memory)
    var recent = [value]
    var steps = 0
    while steps < maximumSteps, !isCancelled() {
      history.direction(gradient, into: &direction)
      let slope = BLAS.dot(count, direction, gradient)
      guard slope < 0, slope.isFinite else {
        if history.isEmpty { break }
        history.clear()
        continue
      }
      // Before anything is known of the curvature, a step of a hundredth of the point's length.
      let first = history.isEmpty ? 0.01 * max(norm(point), 1e-3) / norm(gradient) : 1
      guard
        let reached = search(
          from: point, value: value, slope: slope, direction: direction, first: first, &trial,
          &trialGradient, evaluate)
      else {
        if history.isEmpty { break }
        history.clear()
        continue
      }
      history.append(from: point, to: trial, gradient, trialGradient)
      swap(&point, &trial)
      swap(&gradient, &trialGradient)
      value = reached
      steps += 1
      recent.append(value)
      if recent.count > window {
        if recent[recent.count - 1 - window] - value <= leastProgress * abs(value) { break }
      }
    }
    return (value, steps)
  }

  /// The same in coordinates times `scales`, in which a function whose curvatures are unlike may be rounder.
  func minimize(
    _ point: inout [Double], scales: [Double],
    _ evaluate: (_ point: [Double], _ gradient: inout [Double]) -> Double
  ) -> (value: Double, steps: Int) {
    var scaled = point
    for k in scaled.indices { scaled[k] *= scales[k] }
    let reached = minimize(&scaled) { scaled, gradient in
      for k in scaled.indices { point[k] = scaled[k] / scales[k] }
      let value = evaluate(point, &gradient)
      for k in gradient.indices { gradient[k] /= scales[k] }
      return value
    }
    for k in scaled.indices { point[k] = scaled[k] / scales[k] }
    return reached
  }

  /// A step along `direction` with sufficient decrease and a slope that has risen, by doubling and bisection;
  /// if none is met in time, the last one with sufficient decrease.
  private func search(
    from point: [Double], value: Double, slope: Double, direction: [Double], first: Double,
    _ trial: inout [Double], _ gradient: inout [Double],
    _ evaluate: (_ point: [Double], _ gradient: inout [Double]) -> Double
  ) -> Double? {
    var low = 0.0
    var high = Double.infinity
    var length = first
    var accepted: Double?
    for _ in 0..<30 {
      for k in trial.indices { trial[k] = point[k] + length * direction[k] }
      let reached = evaluate(trial, &gradient)
      if !(reached <= value + 1e-4 * length * slope) {
        high = length
        if accepted != nil { break }
      } else {
        accepted = reached
        if BLAS.dot(gradient.count, gradient, direction) >= 0.9 * slope { return reached }
        low = length
      }
      length = high.isFinite ? 0.5 * (low + high) : 2 * length
    }
    guard low > 0 else { return nil }
    for k in trial.indices { trial[k] = point[k] + low * direction[k] }
    return evaluate(trial, &gradient)
  }

  /// The last steps with the changes of the gradient along them.
  private struct History {
    let capacity: Int
    private var steps: [[Double]] = []
    private var changes: [[Double]] = []
    private var products: [Double] = []
    private var weights: [Double]
    private let count: Int
    private var oldest = 0

    init(count: Int, capacity: Int) {
      self.count = count
      self.capacity = capacity
      weights = Array(repeating: 0, count: capacity)
    }

    var isEmpty: Bool { steps.isEmpty }

    mutating func clear() {
      steps = []
      changes = []
      products = []
      oldest = 0
    }

    /// Remembers a step if the gradient rose along it.
    mutating func append(from: [Double], to: [Double], _ before: [Double], _ after: [Double]) {
      var product = 0.0
      var square = 0.0
      for k in 0..<count {
        let change = after[k] - before[k]
        product += change * (to[k] - from[k])
        square += change * change
      }
      guard product > 1e-12 * square, product.isFinite else { return }
      if steps.count < capacity {
        steps.append(from)
        changes.append(from)
        products.append(product)
        oldest = 0
        write(steps.count - 1, from, to, before, after)
      } else {
        products[oldest] = product
        write(oldest, from, to, before, after)
        oldest = (oldest + 1) % capacity
      }
    }

    private mutating func write(
      _ place: Int, _ from: [Double], _ to: [Double], _ before: [Double], _ after: [Double]
    ) {
      for k in 0..<count {
        steps[place][k] = to[k] - from[k]
        changes[place][k] = after[k] - before[k]
      }
    }

    /// −Hg for the inverse Hessian H of the model.
    mutating func direction(_ gradient: [Double], into direction: inout [Double]) {
      for k in 0..<count { direction[k] = -gradient[k] }
      let used = steps.count
      guard used > 0 else { return }
      for age in 0..<used {
        let place = (oldest + used - 1 - age) % used
        weights[place] = BLAS.dot(count, steps[place], direction) / products[place]
        BLAS.axpy(count, -weights[place], changes[place], &direction)
      }
      let newest = (oldest + used - 1) % used
      let scale = products[newest] / BLAS.dot(count, changes[newest], changes[newest])
      for k in 0..<count { direction[k] *= scale }
      for age in (0..<used).reversed() {
        let place = (oldest + used - 1 - age) % used
        let weight = BLAS.dot(count, changes[place], direction) / products[place]
        BLAS.axpy(count, weights[place] - weight, steps[place], &direction)
      }
    }
  }
}
