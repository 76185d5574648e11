/// All studies, in the order of the papers.
package enum Studies {
  package static let all: [any Study] = pe20 + ep21 + sepp21 + w25

  /// The study of a name.
  package static func named(_ id: String) -> (any Study)? { all.first { $0.id == id } }
}
