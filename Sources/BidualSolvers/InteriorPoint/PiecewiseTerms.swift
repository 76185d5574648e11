import BidualModels
import BidualObjectives

/// The samples of a piecewise linear-quadratic loss: the slope p lives in an interval [lo, hi],
///
///     f − y − cp = a⁺ − a⁻,   a⁺(hi − p) = 0,   a⁻(p − lo) = 0,   a⁺, a⁻ ≥ 0
///
/// Kinks of the loss are intervals' insides, and flat or straight parts are their ends. Without bounds
/// (squared loss) nothing is left but p = (f − y)/c.
final class PiecewiseTerms: SampleTerms {
  private let anchors: [Double]
  private let bends: [Double]
  private let lows: [Double]
  private let highs: [Double]
  private var misses: [Double]
  private var over: [Double]
  private var under: [Double]
  private var dSlopes: [Double]
  private var dOver: [Double]
  private var dUnder: [Double]
  private var overPush: [Double]
  private var underPush: [Double]
  private var kept: (slopes: [Double], over: [Double], under: [Double])?
  private(set) var slopes: [Double]
  private(set) var curvatures: [Double]
  private(set) var pulls: [Double]
  private(set) var value = 0.0
  private(set) var complementarity = 0.0
  private(set) var infeasibility = 0.0
  let pairs: Int
  let hasConstantCurvatures: Bool

  init(_ problem: TrainingProblem, loss: any PiecewiseLinearQuadraticLoss, units: SampleUnits) {
    let n = problem.targets.count
    anchors = problem.targets.map { ($0 - units.base) / units.reach }
    bends = problem.weights.map { loss.conjugateCurvature / $0 * units.slope / units.reach }
    lows = (0..<n).map { problem.dualDomain($0).lowerBound / units.slope }
    highs = (0..<n).map { problem.dualDomain($0).upperBound / units.slope }
    pairs = lows.count(where: \.isFinite) + highs.count(where: \.isFinite)
    hasConstantCurvatures = pairs == 0
    slopes = Array(repeating: 0, count: n)
    misses = slopes
    over = slopes
    under = slopes
    dSlopes = slopes
    dOver = slopes
    dUnder = slopes
    overPush = slopes
    underPush = slopes
    pulls = slopes
    curvatures = hasConstantCurvatures ? bends.map { 1 / $0 } : slopes
  }

  /// Slopes in the middle of their intervals, or where the loss has them if there is none, and multipliers
  /// with the product `product` in every pair.
  func start(_ predictions: [Double], product: Double) {
    let room = product.squareRoot()
    for i in slopes.indices {
      let natural = bends[i] > 0 ? (predictions[i] - anchors[i]) / bends[i] : 0
      slopes[i] =
        lows[i].isFinite && highs[i].isFinite
        ? 0.5 * (lows[i] + highs[i]) : min(max(natural, lows[i] + room), highs[i] - room)
      over[i] = highs[i].isFinite ? product / (highs[i] - slopes[i]) : 0
      under[i] = lows[i].isFinite ? product / (slopes[i] - lows[i]) : 0
    }
  }

  func update(_ predictions: [Double]) {
    value = 0
    complementarity = 0
    var worst = 0.0
    var largest = 0.0
    for i in slopes.indices {
      let miss = predictions[i] - anchors[i]
      if hasConstantCurvatures { slopes[i] = miss / bends[i] }
      misses[i] = miss - bends[i] * slopes[i] - over[i] + under[i]
      worst = max(worst, abs(misses[i]))
      largest = max(largest, abs(predictions[i]), abs(anchors[i]))
      // The loss itself, by its maximising slope.
      let natural = bends[i] > 0 ? miss / bends[i] : miss > 0 ? highs[i] : miss < 0 ? lows[i] : 0
      let slope = min(max(natural, lows[i]), highs[i])
      value += slope * (miss - 0.5 * bends[i] * slope)
      if hasConstantCurvatures { continue }
      var stiffness = bends[i]
      if highs[i].isFinite {
        complementarity += over[i] * (highs[i] - slopes[i])
        stiffness += over[i] / (highs[i] - slopes[i])
      }
      if lows[i].isFinite {
        complementarity += under[i] * (slopes[i] - lows[i])
        stiffness += under[i] / (slopes[i] - lows[i])
      }
      curvatures[i] = 1 / stiffness
    }
    infeasibility = largest > 0 ? worst / largest : 0
  }

  func preparePredictor() {
    for i in slopes.indices {
      overPush[i] = -over[i] * (highs[i] - slopes[i])
      underPush[i] = -under[i] * (slopes[i] - lows[i])
    }
    setPulls()
  }

  func prepareCorrector(target: Double) {
    for i in slopes.indices {
      overPush[i] = target - over[i] * (highs[i] - slopes[i]) + dSlopes[i] * dOver[i]
      underPush[i] = target - under[i] * (slopes[i] - lows[i]) - dSlopes[i] * dUnder[i]
    }
    setPulls()
  }

  func prepareCentring(target: Double) {
    for i in slopes.indices {
      overPush[i] = target - over[i] * (highs[i] - slopes[i])
      underPush[i] = target - under[i] * (slopes[i] - lows[i])
    }
    setPulls(eagerness: 0)
  }

  private func setPulls(eagerness: Double = 1) {
    for i in slopes.indices {
      pulls[i] = eagerness * misses[i]
      if highs[i].isFinite { pulls[i] -= overPush[i] / (highs[i] - slopes[i]) }
      if lows[i].isFinite { pulls[i] += underPush[i] / (slopes[i] - lows[i]) }
    }
  }

  func direct(_ change: [Double], slopes known: [Double]?) {
    for i in slopes.indices {
      dSlopes[i] = known?[i] ?? curvatures[i] * (change[i] + pulls[i])
      if highs[i].isFinite { dOver[i] = (overPush[i] + over[i] * dSlopes[i]) / (highs[i] - slopes[i]) }
      if lows[i].isFinite { dUnder[i] = (underPush[i] - under[i] * dSlopes[i]) / (slopes[i] - lows[i]) }
    }
  }

  func longestStep() -> Double {
    var length = Double.infinity
    for i in slopes.indices {
      if highs[i].isFinite {
        if dSlopes[i] > 0 { length = min(length, (highs[i] - slopes[i]) / dSlopes[i]) }
        if dOver[i] < 0 { length = min(length, -over[i] / dOver[i]) }
      }
      if lows[i].isFinite {
        if dSlopes[i] < 0 { length = min(length, (lows[i] - slopes[i]) / dSlopes[i]) }
        if dUnder[i] < 0 { length = min(length, -under[i] / dUnder[i]) }
      }
    }
    return length
  }

  func remainder(_ length: Double) -> [Double]? { nil }

  func keep() { kept = (slopes, over, under) }

  func goBack() { if let kept { (slopes, over, under) = kept } }

  func advance(_ length: Double) {
    for i in slopes.indices {
      slopes[i] += length * dSlopes[i]
      over[i] += length * dOver[i]
      under[i] += length * dUnder[i]
    }
  }
}
