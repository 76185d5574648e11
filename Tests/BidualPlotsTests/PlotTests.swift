import BidualPlots
import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// Plots and pages: whole markup, no foreign text taken for markup, no number that is none.
@Suite struct PlotTests {
  /// Reads the XML to its end; notes every text, and throws what is not well formed.
  private final class Reader: NSObject, XMLParserDelegate {
    var text = ""
    var elements: [String: Int] = [:]

    func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }

    func parser(
      _ parser: XMLParser, didStartElement element: String, namespaceURI: String?, qualifiedName: String?,
      attributes: [String: String]
    ) { elements[element, default: 0] += 1 }
  }

  private func read(_ svg: String) throws -> Reader {
    let parser = XMLParser(data: Data(svg.utf8))
    let reader = Reader()
    parser.delegate = reader
    try #require(parser.parse(), "\(parser.parserError.map { "\($0)" } ?? "") \(svg.prefix(300))")
    return reader
  }

  private func plot(_ marks: [Mark], title: String = "title", x: Axis? = nil, y: Axis? = nil) -> Plot {
    Plot(
      title, description: "what it shows", x: x ?? Axis("x", holding: [0, 1]),
      y: y ?? Axis("y", holding: [0, 1]),
      marks: marks)
  }

  private static let hostile = [
    "<script>alert(1)</script>", "\"'&<>", "</svg>", "]]>", "a\u{0}b\u{1}\u{FFFE}", "\u{202E}x",
    String(repeating: "x", count: 10_000),
  ]

  @Test(arguments: hostile) func hostileNamesStayText(name: String) throws {
    let svg = Plot(
      name, description: name, x: Axis(name, holding: [1, 2]), y: Axis("y", categories: [name, "b"]),
      marks: [.label(Mark.Point(1, 0), name)], legend: [(.blue, name)], counts: [(1.5, name)]
    ).svg(standsAlone: true)
    let reader = try read(svg)
    #expect(reader.elements["script"] == nil)
    #expect(reader.elements["svg"] == 1)
    #expect(reader.text.contains("x") || !name.contains("x"))
    let page = Page(
      name, blocks: [.heading(name), .table([name], [[name]]), .paragraph(name)], data: "{\"a\":\"\(name)\"}"
    ).html
    #expect(page.components(separatedBy: "<script").count == 2)
    #expect(page.components(separatedBy: "</script>").count == 2)
  }

  @Test func everyMarkIsWholeAndFinite() throws {
    let odd = [0.5, .nan, .infinity, -.infinity, 1e300, -1e300, Double.leastNonzeroMagnitude, 0].map {
      Mark.Point($0, 0.25)
    }
    let marks: [Mark] = [
      .line(odd, .blue), .line(odd.map { Mark.Point(0.5, $0.x) }, .blue, dashed: true), .steps(odd, .green),
      .points(odd, .orange), .ranges(odd.map { ($0.x, -$0.x, $0.x) }, .grey),
      .band(odd.map { ($0.x, 0, $0.x) }, .sky), .columns(odd, width: 0.1, .purple),
      .cells(odd.map { ($0.x, $0.y, $0.x) }, width: 0.1, height: 0.1), .rule(x: .nan, .blue),
      .rule(x: 0.5, .blue),
      .label(odd[0], "here"), .label(odd[1], "nowhere"), .line([], .blue), .points([], .blue),
    ]
    for axis in [Axis("x", holding: [0, 1]), Axis("x", .logarithmic, holding: [1e-9, 1e9])] {
      let svg = plot(marks, x: axis).svg()
      let reader = try read(svg)
      #expect(reader.text.contains("here") && !reader.text.contains("nowhere"))
      let numbers = svg.matches(of: /[a-z]+="([^"]*)"/).map { String($0.output.1) }
      #expect(!numbers.contains { $0.contains("nan") || $0 == "inf" || $0.contains(" inf") })
    }
  }

  /// Numbers that span nothing, everything, or nothing at all still have an axis with ticks on it.
  @Test(arguments: [
    [], [0], [3], [-2, -2], [1e-300, 2e-300], [-1e300, 1e300], [0.1, 0.2, 0.30000000000000004], [999, 1001],
  ]) func axesHaveTicksInsideTheirRange(values: [Double]) {
    for scale in [Axis.Scale.linear, .logarithmic] {
      let axis = Axis("x", scale, holding: values)
      #expect(axis.range.lowerBound < axis.range.upperBound)
      #expect(axis.range.lowerBound.isFinite && axis.range.upperBound.isFinite)
      #expect((1...9).contains(axis.ticks.count), "\(axis.ticks)")
      for tick in axis.ticks { #expect(tick.value <= axis.range.upperBound && !tick.label.isEmpty) }
      #expect(Set(axis.ticks.map(\.label)).count == axis.ticks.count, "\(axis.ticks)")
      for value in values where scale == .linear || value > 0 { #expect(axis.range.contains(value)) }
    }
  }

  @Test func ticksAreRound() {
    #expect(Axis("x", holding: [0, 10]).ticks.map(\.label) == ["0", "2", "4", "6", "8", "10"])
    #expect(Axis("x", .logarithmic, holding: [1, 1000]).ticks.map(\.label) == ["1", "10", "100", "1000"])
  }

  @Test(arguments: [
    (0.0, "0"), (1, "1"), (-2.5, "-2.5"), (12345.678, "12346"), (1e-7, "1e-7"), (6.02e23, "6.02e23"),
    (.nan, "–"),
    (0.00012344, "0.0001234"),
  ]) func numbersAreShort(value: Double, text: String) { #expect(Markup.number(value) == text) }

  @Test func manyPointsAreThinnedOut() {
    let points = (0..<100_000).map { Mark.Point(Double($0) / 1e5, 0.5) }
    #expect(plot([.points(points, .blue)]).svg().components(separatedBy: "<circle").count == 2001)
  }

  @Test func pagesStandAlone() throws {
    let page = Page(
      "A page", blocks: [.plots([plot([.line([Mark.Point(0, 0), Mark.Point(1, 1)], .blue)])])],
      data: #"{"a":[1,2],"b":"</script>"}"#)
    let html = page.html
    #expect(html == page.html)
    #expect(html.contains("default-src 'none'"))
    for word in ["src=", "href=\"http", "url(http", "@import", "onload", "javascript:"] {
      #expect(!html.contains(word), "\(word)")
    }
    let json = try #require(
      html.firstMatch(of: /<script type="application\/json" id="bidual-data">\n(.*)\n<\/script>/)
    ).output.1
    let data = try #require(JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    #expect(data["b"] as? String == "</script>")
  }
}
