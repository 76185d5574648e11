import Bidual

/// What EP21 tells of a panel of its Figures 5 and 6.
struct PrintedRates {
  let name: String
  /// The files of images without their ends.
  let stem: String
  let rule: UpdateRule
  /// Learning rates and epochs of the convex and of the non-convex form.
  let convex: (rate: Double, epochs: Int)
  let descent: (rate: Double, epochs: Int)

  /// The panels of a figure.
  static func panels(of figure: Int) -> [PrintedRates] {
    figure == 5
      ? [
        PrintedRates(
          name: "CIFAR-10, SGD", stem: "cifar10", rule: .momentum(), convex: (1e-6, 100), descent: (1, 200)),
        PrintedRates(
          name: "Fashion-MNIST, Adam", stem: "fashion_mnist", rule: .adam(), convex: (1e-6, 150),
          descent: (0.01, 150)),
      ]
      : [
        PrintedRates(
          name: "CIFAR-10, Adam", stem: "cifar10", rule: .adam(), convex: (5e-7, 26), descent: (5e-4, 66)),
        PrintedRates(
          name: "Fashion-MNIST, SGD", stem: "fashion_mnist", rule: .momentum(), convex: (1e-5, 150),
          descent: (3, 150)),
      ]
  }
}
