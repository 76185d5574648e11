import Foundation

/// Both forms of several problems beside peers' figures, as a Markdown table.
struct ProblemTable {
  private let arguments: Arguments
  /// Seconds and megabytes of peers, by problem and form.
  private var peers: [String: [String]] = [:]

  init(_ arguments: Arguments) throws {
    self.arguments = arguments
    guard let path = arguments.text("peers") else { return }
    for line in try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").dropFirst() {
      let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      guard cells.count == 5 else { continue }
      peers["\(cells[0]) \(cells[1])", default: []].append("\(cells[2]) \(cells[3]) s, \(cells[4]) MB")
    }
  }

  func print() throws {
    Swift.print(
      "| problem | form | n × d, P | objective | lower bound | gap shown | blocks | Newton steps | CPU s | units "
        + "| peak MB | peers |")
    Swift.print("|---|---|---|---|---|---|---|---|---|---|---|---|")
    for folder in arguments.words.dropFirst() {
      for form in ["relu", "gated"] {
        let name = folder.split(separator: "/").last.map(String.init) ?? folder
        let row = try row(folder: folder, name: name, form: form)
        Swift.print(row + " " + (peers["\(name) \(form)"] ?? []).joined(separator: "; ") + " |")
        fflush(nil)
      }
    }
  }

  /// A process of its own for each row, so that its peak memory is that of one solve.
  private func row(folder: String, name: String, form: String) throws -> String {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0])
    process.arguments = ["solve", folder, form]
    for option in ["gap", "threads"] {
      if let value = arguments.text(option) { process.arguments! += ["--\(option)", value] }
    }
    if let output = arguments.text("output") {
      let answers = "\(output)/\(name)-\(form)"
      try FileManager.default.createDirectory(atPath: answers, withIntermediateDirectories: true)
      process.arguments! += ["--output", answers]
    }
    process.standardOutput = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let text = String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    return process.terminationStatus == 0 ? text : "| \(name) | \(form) | failed |"
  }
}
