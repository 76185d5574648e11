/// Names of files made of the names of panels and methods.
enum StudyName {
  /// The words in small letters with hyphens between them, β by its name.
  static func file(_ words: String) -> String {
    var name = ""
    for character in words.lowercased().replacing("β", with: "beta") {
      if character.isASCII, character.isLetter || character.isNumber || character == "." {
        name.append(character)
      } else if !name.isEmpty, name.last != "-" {
        name.append("-")
      }
    }
    return String(name.trimmingPrefix("-"))
  }
}
