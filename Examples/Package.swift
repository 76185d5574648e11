// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "BidualExamples",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "Bidual", path: "..")],
  targets: [
    .executableTarget(name: "TrainAndCertify", dependencies: [.product(name: "Bidual", package: "Bidual")])
  ]
)
