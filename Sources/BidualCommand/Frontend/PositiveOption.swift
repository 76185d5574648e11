import ArgumentParser

/// Options whose values must be positive numbers.
enum PositiveOption {
  /// Refuses a value that was given and is none.
  static func check(_ options: (name: String, value: Double?)...) throws {
    for (name, value) in options {
      if let value, !value.isFinite || value <= 0 {
        throw ValidationError("\(name) is \(value); give a positive number")
      }
    }
  }
}
