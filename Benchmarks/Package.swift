// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that users of Bidual never resolve or build it.
let package = Package(
  name: "Benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "Bidual", path: "..")],
  targets: [
    .target(name: "Timing", dependencies: [.product(name: "Bidual", package: "Bidual")]),
    .executableTarget(
      name: "Scaling", dependencies: ["Timing", .product(name: "Bidual", package: "Bidual")]),
    .executableTarget(
      name: "Anytime", dependencies: [.product(name: "Bidual", package: "Bidual")]),
    .executableTarget(
      name: "Reach", dependencies: ["Timing", .product(name: "Bidual", package: "Bidual")]),
    .executableTarget(
      name: "GivenPatterns", dependencies: ["Timing", .product(name: "Bidual", package: "Bidual")]),
    .executableTarget(
      name: "ThreeLayers", dependencies: ["Timing", .product(name: "Bidual", package: "Bidual")]),
    .executableTarget(
      name: "Convolutions", dependencies: ["Timing", .product(name: "Bidual", package: "Bidual")]),
    .executableTarget(
      name: "Soundness", dependencies: [.product(name: "Bidual", package: "Bidual")]),
    .executableTarget(
      name: "Kernels", dependencies: ["Timing", .product(name: "Bidual", package: "Bidual")]),
  ]
)
