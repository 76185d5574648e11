/// The studies of W25.
extension Studies {
  static let w25: [any Study] = [
    EssayDescent(figure: 1, data: .simple, epochs: [6000, 28_000]), EssayBatches(),
    EssayDescent(figure: 3, data: .noisy, epochs: [4000, 4000]),
    EssayDescent(figure: 4, data: .complex, epochs: [16_000, 16_000]),
    RandomDesigns(figure: 5, samples: 5, width: 5), RandomDesigns(figure: 6, samples: 5, width: 50),
    RandomDesigns(figure: 7, samples: 30, width: 5), EssayChambers(), EssayClifford(), EssayTable(),
  ]
}
