/// All studies, in the order of the papers.
package enum Studies {
  package static let all: [any Study] = ep21 + sepp21 + w25

  /// The study of a name.
  package static func named(_ id: String) -> (any Study)? { all.first { $0.id == id } }

  private static let w25: [any Study] = [
    EssayDescent(figure: 1, data: .simple, epochs: [6000, 28_000]), EssayBatches(),
    EssayDescent(figure: 3, data: .noisy, epochs: [4000, 4000]),
    EssayDescent(figure: 4, data: .complex, epochs: [16_000, 16_000]), EssayTable(),
  ]
}
