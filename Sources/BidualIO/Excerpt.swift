/// A piece of foreign text made fit for a message: at most 40 characters, control characters escaped.
struct Excerpt: CustomStringConvertible {
  /// The shortened and escaped text, without quotation marks around it.
  let description: String

  private static let limit = 40

  init(_ text: some StringProtocol) {
    var shown = ""
    var count = 0
    for scalar in text.unicodeScalars {
      if count == Self.limit {
        shown += "…"
        break
      }
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
        shown += scalar.escaped(asASCII: true)
      default:
        shown.unicodeScalars.append(scalar)
      }
      count += 1
    }
    description = shown
  }
}
