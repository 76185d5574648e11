import RealModule

/// One axis of a plot: what it measures, and how numbers become places on it.
package struct Axis: Sendable {
  /// How places follow numbers.
  package enum Scale: Sendable { case linear, logarithmic }

  /// A number that is written at the axis.
  package struct Tick: Sendable, Equatable {
    /// Where.
    package let value: Double
    /// What is written.
    package let label: String
  }

  /// What it measures.
  package let label: String
  /// How.
  package let scale: Scale
  /// From where to where.
  package private(set) var range: ClosedRange<Double>
  /// What is written at it.
  package private(set) var ticks: [Tick]

  /// An axis that holds some numbers, of which those that it can't show are left out.
  package init(_ label: String, _ scale: Scale = .linear, holding values: some Sequence<Double>) {
    let shown = values.filter { $0.isFinite && (scale == .linear || $0 > 0) }
    let low = shown.min() ?? (scale == .linear ? 0 : 1)
    let high = shown.max() ?? (scale == .linear ? 1 : 10)
    self.label = label
    self.scale = scale
    switch scale {
    case .linear:
      let pad = high > low ? 0.04 * (high - low) : max(0.5, 0.1 * abs(high))
      range = (low - pad)...(high + pad)
      ticks = Self.linearTicks(range)
    case .logarithmic:
      let pad = high > low ? Double.pow(high / low, 0.04) : 2
      range = (low / pad)...(high * pad)
      ticks = Self.logarithmicTicks(range)
    }
  }

  /// An axis of categories, at 0, 1, ….
  package init(_ label: String, categories: [String]) {
    self.label = label
    scale = .linear
    range = -0.5...(Double(max(1, categories.count)) - 0.5)
    ticks = categories.enumerated().map { Tick(value: Double($0), label: Markup.shortened($1, to: 14)) }
  }

  /// The place of a number, from 0 to 1; nil for one that the axis can't show.
  func place(_ value: Double) -> Double? {
    guard value.isFinite, scale == .linear || value > 0 else { return nil }
    let (low, high) = (range.lowerBound, range.upperBound)
    let place =
      scale == .linear
      ? (value - low) / (high - low) : Double.log(value / low) / Double.log(high / low)
    return place.isFinite ? min(max(place, -1), 2) : nil
  }

  /// Five or so multiples of 1, 2 or 5 times a power of ten.
  private static func linearTicks(_ range: ClosedRange<Double>) -> [Tick] {
    let width = range.upperBound - range.lowerBound
    guard width > 0, width.isFinite else { return [] }
    let exponent = Int(Markup.magnitude(width / 5))
    let unit = Markup.power(exponent)
    let step = [1.0, 2, 5, 10].map { $0 * unit }.first { width / $0 <= 6 } ?? 10 * unit
    let first = (range.lowerBound / step).rounded(.up)
    return (0..<8).map { (first + Double($0)) * step }.filter { $0 <= range.upperBound }.map { value in
      // So many digits that neighbours differ.
      let digits = value == 0 ? 4 : Int(Markup.magnitude(value)) - exponent + 2
      return Tick(value: value, label: Markup.number(value, digits: min(15, max(4, digits))))
    }
  }

  /// Powers of ten, with 2 and 5 times these where there are few.
  private static func logarithmicTicks(_ range: ClosedRange<Double>) -> [Tick] {
    let first = Int(Markup.magnitude(range.lowerBound)) - 1
    let last = Int(Markup.magnitude(range.upperBound)) + 1
    func ticks(_ factors: [Double], every step: Int = 1) -> [Tick] {
      stride(from: first, through: last, by: step).flatMap { exponent in
        factors.map { $0 * Markup.power(exponent) }
      }.filter(range.contains).map { Tick(value: $0, label: Markup.number($0)) }
    }
    let decades = ticks([1])
    if decades.count > 7 { return ticks([1], every: (decades.count + 6) / 7) }
    if decades.count > 2 { return decades }
    let some = ticks([1, 2, 5])
    return some.count > 1 ? some : ticks([1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9])
  }
}
