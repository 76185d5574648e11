/// A page that stands alone: no script runs, and nothing is asked of any other place.
package struct Page: Sendable {
  /// One piece of a page.
  package enum Block: Sendable {
    case heading(String)
    case paragraph(String)
    /// Words that stand out.
    case verdict(String)
    /// A table with its column heads.
    case table([String], [[String]])
    /// Plots beside one another.
    case plots([Plot])
  }

  private let title: String
  private let blocks: [Block]
  private let data: String

  /// A page.
  ///
  /// - Parameter data: a JSON document with every number that is shown.
  package init(_ title: String, blocks: [Block], data: String) {
    self.title = title
    self.blocks = blocks
    self.data = data
  }

  /// The page as HTML. Equal pages are equal bytes.
  package var html: String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <link rel="icon" href="data:,">
    <title>\(Markup.escaped(title))</title>
    <style>
    \(Style.page)
    \(Style.plot)
    </style>
    </head>
    <body>
    <h1>\(Markup.escaped(title))</h1>
    \(blocks.map(written).joined())<script type="application/json" id="bidual-data">
    \(quoted(data))
    </script>
    </body>
    </html>

    """
  }

  private func written(_ block: Block) -> String {
    switch block {
    case .heading(let text): return "<h2>\(Markup.escaped(text))</h2>\n"
    case .paragraph(let text): return "<p>\(Markup.escaped(text))</p>\n"
    case .verdict(let text): return "<p class=\"verdict\">\(Markup.escaped(text))</p>\n"
    case .table(let head, let rows):
      func line(_ cells: [String], _ tag: String) -> String {
        "<tr>" + cells.map { "<\(tag)>\(Markup.escaped(Markup.shortened($0, to: 80)))</\(tag)>" }.joined()
          + "</tr>\n"
      }
      return "<div class=\"scroll\"><table>\n<thead>\n\(line(head, "th"))</thead>\n<tbody>\n"
        + rows.map { line($0, "td") }.joined() + "</tbody>\n</table></div>\n"
    case .plots(let plots):
      return "<div class=\"plots\">\n" + plots.map { "<figure>\n\($0.svg())</figure>\n" }.joined()
        + "</div>\n"
    }
  }

  /// JSON in which no browser finds the end of the script.
  private func quoted(_ json: String) -> String {
    json.replacing("<", with: "\\u003c").replacing("\u{2028}", with: "\\u2028")
      .replacing("\u{2029}", with: "\\u2029")
  }
}
