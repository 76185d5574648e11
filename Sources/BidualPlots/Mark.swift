/// What a plot shows of some numbers.
package enum Mark: Sendable {
  /// A line through points, broken where one can't be shown.
  case line([Point], Ink, dashed: Bool = false)
  /// A line of steps: each height holds until the next point.
  case steps([Point], Ink)
  /// Discs.
  case points([Point], Ink)
  /// Points with bars from one number to another.
  case ranges([(x: Double, low: Double, high: Double)], Ink)
  /// The area between two lines.
  case band([(x: Double, low: Double, high: Double)], Ink)
  /// Columns from zero.
  case columns([Point], width: Double, Ink)
  /// Cells of a grid, each around its middle, with shares from −1 to 1 that become colours.
  case cells([(x: Double, y: Double, share: Double)], width: Double, height: Double)
  /// A dotted line across, at a place of the horizontal axis.
  case rule(x: Double, Ink)
  /// Words at a point.
  case label(Point, String)

  /// A pair of numbers.
  package struct Point: Sendable, Equatable {
    package let x: Double
    package let y: Double

    package init(_ x: Double, _ y: Double) {
      self.x = x
      self.y = y
    }
  }
}

/// Colours that people who see few can tell apart, by what they stand for (M. Okabe, K. Ito, *Color Universal Design*, 2008).
package enum Ink: String, Sendable, CaseIterable {
  case blue, orange, green, purple, sky, vermilion, grey
}
