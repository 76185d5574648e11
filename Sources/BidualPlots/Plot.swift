/// A picture of numbers along two axes, as SVG.
package struct Plot: Sendable {
  private let title: String
  private let description: String
  private let x: Axis
  private let y: Axis
  private let marks: [Mark]
  private let legend: [(ink: Ink, text: String)]
  /// Words above the frame, at places of the horizontal axis.
  private let counts: [(x: Double, text: String)]

  private let size = (width: 520.0, height: 340.0)
  private let frame = (left: 66.0, right: 506.0, top: 40.0, bottom: 286.0)
  /// More points than these are thinned out: no screen shows them.
  private static let mostPoints = 2000

  /// A plot.
  ///
  /// - Parameters:
  ///   - description: what it shows, for people who don't see it.
  ///   - counts: numbers that are written above the frame.
  package init(
    _ title: String, description: String, x: Axis, y: Axis, marks: [Mark],
    legend: [(ink: Ink, text: String)] = [], counts: [(x: Double, text: String)] = []
  ) {
    self.title = title
    self.description = description
    self.x = x
    self.y = y
    self.marks = marks
    self.legend = legend
    self.counts = counts
  }

  /// The picture, to stand in a page or, with its own style, alone.
  package func svg(standsAlone: Bool = false) -> String {
    let identifier = "p" + String(checksum, radix: 36)
    var text =
      #"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \#(number(size.width)) \#(number(size.height))" role="img" aria-labelledby="\#(identifier)t \#(identifier)d" class="plot">"#
      + "\n<title id=\"\(identifier)t\">\(Markup.escaped(title))</title>"
      + "\n<desc id=\"\(identifier)d\">\(Markup.escaped(description))</desc>\n"
    if standsAlone { text += "<style>\(Style.plot)</style>\n" }
    text +=
      #"<clipPath id="\#(identifier)c"><rect x="\#(number(frame.left))" y="\#(number(frame.top))" width="\#(number(frame.right - frame.left))" height="\#(number(frame.bottom - frame.top))"/></clipPath>"#
      + "\n" + axes
    text += "<g clip-path=\"url(#\(identifier)c)\">\n" + marks.map(drawn).joined() + "</g>\n"
    text += words((size.width) / 2, 18, title, "heading")
    for count in counts {
      if let place = x.place(count.x), (0...1).contains(place) {
        text += words(across(place), frame.top - 4, count.text, "count")
      }
    }
    var left = frame.left
    for entry in legend {
      text +=
        #"<rect class="fill \#(entry.ink.rawValue)" x="\#(number(left))" y="326" width="10" height="10"/>"#
      text += words(left + 14, 335, entry.text, "key")
      left += 30 + 6.2 * Double(entry.text.count)
    }
    return text + "</svg>\n"
  }

  private var axes: String {
    var text =
      #"<path class="frame" d="M\#(number(frame.left)) \#(number(frame.top))V\#(number(frame.bottom))H\#(number(frame.right))"/>"#
      + "\n"
    for tick in x.ticks {
      guard let place = x.place(tick.value), (-1e-9...1.000001).contains(place) else { continue }
      text +=
        #"<path class="grid" d="M\#(number(across(place))) \#(number(frame.top))V\#(number(frame.bottom))"/>"#
      text += words(across(place), frame.bottom + 15, tick.label, "tick")
    }
    for tick in y.ticks {
      guard let place = y.place(tick.value), (-1e-9...1.000001).contains(place) else { continue }
      text +=
        #"<path class="grid" d="M\#(number(frame.left)) \#(number(up(place)))H\#(number(frame.right))"/>"#
      text += words(frame.left - 6, up(place) + 4, tick.label, "tick end")
    }
    text += words((frame.left + frame.right) / 2, frame.bottom + 32, Markup.shortened(x.label), "name")
    let middle = (frame.top + frame.bottom) / 2
    text +=
      #"<text class="name" transform="translate(14 \#(number(middle))) rotate(-90)">\#(Markup.escaped(Markup.shortened(y.label)))</text>"#
      + "\n"
    return text
  }

  private func drawn(_ mark: Mark) -> String {
    switch mark {
    case .line(let points, let ink, let dashed):
      let path = path(thinned(points))
      return #"<path class="line \#(ink.rawValue)\#(dashed ? " dashed" : "")" d="\#(path)"/>"# + "\n"
    case .steps(let points, let ink):
      let corners =
        zip(points, points.dropFirst()).flatMap { [$0, Mark.Point($1.x, $0.y)] } + points.suffix(1)
      return #"<path class="line \#(ink.rawValue)" d="\#(path(thinned(corners)))"/>"# + "\n"
    case .points(let points, let ink):
      return thinned(points).compactMap { point in
        at(point).map {
          #"<circle class="dot \#(ink.rawValue)" cx="\#(number($0))" cy="\#(number($1))" r="2.5"/>"#
        }
      }.joined() + "\n"
    case .ranges(let ranges, let ink):
      return ranges.compactMap { range in
        guard let low = at(Mark.Point(range.x, range.low)), let high = at(Mark.Point(range.x, range.high))
        else { return nil }
        return
          #"<path class="line \#(ink.rawValue)" d="M\#(number(low.0 - 3)) \#(number(low.1))h6M\#(number(low.0)) \#(number(low.1))V\#(number(high.1))M\#(number(low.0 - 3)) \#(number(high.1))h6"/>"#
      }.joined() + "\n"
    case .band(let band, let ink):
      let edge = band.map { Mark.Point($0.x, $0.high) } + band.reversed().map { Mark.Point($0.x, $0.low) }
      return #"<path class="area \#(ink.rawValue)" d="\#(path(edge))Z"/>"# + "\n"
    case .columns(let points, let width, let ink):
      return points.compactMap { point in
        box(point.x - width / 2, point.x + width / 2, 0, point.y).map {
          #"<rect class="fill \#(ink.rawValue)" \#($0)/>"#
        }
      }.joined() + "\n"
    case .cells(let cells, let width, let height):
      return cells.compactMap { cell in
        box(cell.x - width / 2, cell.x + width / 2, cell.y - height / 2, cell.y + height / 2).map {
          let share = min(max(cell.share.isFinite ? cell.share : 0, -1), 1)
          return
            #"<rect class="fill \#(share < 0 ? "orange" : "blue")" fill-opacity="\#(Markup.number(abs(share), digits: 2))" \#($0)/>"#
        }
      }.joined() + "\n"
    case .rule(let place, let ink):
      guard let place = x.place(place) else { return "" }
      return
        #"<path class="line dotted \#(ink.rawValue)" d="M\#(number(across(place))) \#(number(frame.top))V\#(number(frame.bottom))"/>"#
        + "\n"
    case .label(let point, let text):
      return at(point).map { words($0, $1 + 4, text, "cell") } ?? ""
    }
  }

  private func across(_ place: Double) -> Double { frame.left + place * (frame.right - frame.left) }

  private func up(_ place: Double) -> Double { frame.bottom - place * (frame.bottom - frame.top) }

  private func at(_ point: Mark.Point) -> (Double, Double)? {
    guard let h = x.place(point.x), let v = y.place(point.y) else { return nil }
    return (across(h), up(v))
  }

  private func box(_ left: Double, _ right: Double, _ low: Double, _ high: Double) -> String? {
    guard let a = at(Mark.Point(left, min(low, high))), let b = at(Mark.Point(right, max(low, high))) else {
      return nil
    }
    return
      #"x="\#(number(a.0))" y="\#(number(b.1))" width="\#(number(b.0 - a.0))" height="\#(number(a.1 - b.1))""#
  }

  private func path(_ points: [Mark.Point]) -> String {
    var (text, isOpen) = ("", false)
    for point in points {
      guard let place = at(point) else {
        isOpen = false
        continue
      }
      text += (isOpen ? "L" : "M") + number(place.0) + " " + number(place.1)
      isOpen = true
    }
    return text.isEmpty ? "M0 0" : text
  }

  private func thinned(_ points: [Mark.Point]) -> [Mark.Point] {
    guard points.count > Self.mostPoints else { return points }
    return (0..<Self.mostPoints).map { points[$0 * (points.count - 1) / (Self.mostPoints - 1)] }
  }

  private func words(_ x: Double, _ y: Double, _ text: String, _ kind: String) -> String {
    #"<text class="\#(kind)" x="\#(number(x))" y="\#(number(y))">\#(Markup.escaped(text))</text>"# + "\n"
  }

  /// A tenth of a pixel is as fine as anyone sees.
  private func number(_ value: Double) -> String {
    let rounded = (value * 10).rounded() / 10
    return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
  }

  /// A number that plots with other words are unlikely to share, so that several may stand in one page.
  private var checksum: UInt64 {
    (title + description).utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
  }
}
