// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "BidualExamples",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(name: "Bidual", path: ".."),
    .package(url: "https://github.com/apple/swift-numerics", from: "1.1.0"),
  ],
  targets: [
    .executableTarget(name: "TrainAndCertify", dependencies: [.product(name: "Bidual", package: "Bidual")]),
    .executableTarget(name: "GuideCode", dependencies: [.product(name: "Bidual", package: "Bidual")]),
    .executableTarget(
      name: "CustomLoss",
      dependencies: [
        .product(name: "Bidual", package: "Bidual"), .product(name: "RealModule", package: "swift-numerics"),
      ]),
  ]
)
