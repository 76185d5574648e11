// swift-tools-version: 6.2
import PackageDescription

// One module a floor; each imports only floors below it (see CONTRIBUTING.md).
// Warnings are errors here and stay warnings for packages that depend on Bidual.
let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

/// The elementary functions, the same call on every system.
let realFunctions: Target.Dependency = .product(name: "RealModule", package: "swift-numerics")

/// Files and what the system says of them.
let system: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")

/// BLAS and LAPACK: OpenBLAS on Linux, Accelerate on Apple systems.
let algebra: [Target.Dependency] = [
  .target(name: "COpenBLAS", condition: .when(platforms: [.linux]))
]

func floor(_ name: String, on below: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: below, swiftSettings: strict)
}

func tests(_ name: String, of modules: [Target.Dependency], resources: [Resource] = []) -> Target {
  .testTarget(
    name: name, dependencies: modules, resources: resources, swiftSettings: strict)
}

let package = Package(
  name: "Bidual",
  platforms: [.macOS(.v15), .iOS(.v18)],
  products: [
    .library(name: "Bidual", targets: ["Bidual"]),
    .executable(name: "bidual", targets: ["BidualCommand"]),
  ],
  traits: [
    .trait(name: "MPI", description: "Ranks of mpirun bound cones together; needs OpenMPI.")
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-algorithms", from: "1.2.0"),
    .package(url: "https://github.com/apple/swift-numerics", from: "1.1.0"),
    .package(url: "https://github.com/apple/swift-system", from: "1.7.0"),
  ],
  targets: [
    .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CMPI", pkgConfig: "ompi-c", providers: [.apt(["libopenmpi-dev"])]),
    .target(
      name: "CBidualKernels",
      cSettings: [.unsafeFlags(["-O3", "-Wall", "-Wextra", "-Werror"])]),
    floor("BidualLinear", on: algebra + [realFunctions]),
    floor("BidualProcesses", on: [.target(name: "CMPI", condition: .when(traits: ["MPI"]))]),
    floor("BidualArrangements", on: ["BidualLinear", "CBidualKernels"]),
    floor("BidualObjectives", on: ["BidualLinear", realFunctions]),
    floor(
      "BidualPolars",
      on: [
        "BidualLinear", "BidualArrangements", "BidualObjectives", "BidualProcesses", "CBidualKernels",
        .product(name: "HeapModule", package: "swift-collections"),
      ]),
    floor(
      "BidualModels", on: ["BidualLinear", "BidualObjectives", "BidualArrangements", "BidualPolars"]),
    floor(
      "BidualCertificates",
      on: ["BidualLinear", "BidualArrangements", "BidualObjectives", "BidualModels", "BidualPolars"]),
    floor(
      "BidualSolvers",
      on: [
        "BidualLinear", "BidualArrangements", "BidualObjectives", "BidualModels", "BidualPolars",
        "BidualCertificates", "BidualProcesses", "CBidualKernels", realFunctions,
        .product(name: "Algorithms", package: "swift-algorithms"),
      ]),
    floor(
      "BidualIO",
      on: [
        "BidualLinear", "BidualArrangements", "BidualObjectives", "BidualModels", "BidualPolars",
        "BidualCertificates", "CZlib", system,
      ]),
    floor(
      "Bidual",
      on: [
        "BidualLinear", "BidualArrangements", "BidualObjectives", "BidualModels", "BidualPolars",
        "BidualCertificates", "BidualSolvers", "BidualIO", "BidualProcesses", realFunctions,
      ]),
    floor("BidualPlots", on: [realFunctions]),
    floor("BidualStudies", on: ["Bidual", "BidualPlots", "BidualIO", realFunctions]),
    .executableTarget(
      name: "BidualCommand",
      dependencies: [
        "Bidual", "BidualPlots", "BidualStudies", "BidualCertificates", "BidualIO", "BidualModels",
        "BidualLinear", "BidualPolars", "BidualProcesses", realFunctions, system,
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    tests("BidualLinearTests", of: ["BidualLinear"]),
    tests("BidualProcessesTests", of: ["BidualProcesses"]),
    tests("BidualArrangementsTests", of: ["BidualArrangements", "BidualLinear"]),
    .target(name: "BidualDamage", path: "Tests/BidualDamage", swiftSettings: strict),
    tests(
      "BidualIOTests",
      of: [
        "BidualIO", "BidualCertificates", "BidualModels", "BidualObjectives", "BidualLinear",
        "BidualArrangements", "BidualPolars", "BidualDamage",
      ]),
    tests("BidualPlotsTests", of: ["BidualPlots"]),
    tests("BidualObjectivesTests", of: ["BidualObjectives"]),
    tests(
      "BidualPolarsTests",
      of: [
        "BidualPolars", "BidualSolvers", "BidualIO", "BidualObjectives", "BidualArrangements",
        "BidualProcesses", "BidualLinear", "CBidualKernels",
      ]),
    tests(
      "BidualCertificatesTests",
      of: ["BidualCertificates", "BidualModels", "BidualObjectives", "BidualLinear"]),
    tests(
      "BidualSolversTests",
      of: [
        "BidualSolvers", "BidualCertificates", "BidualModels", "BidualObjectives", "BidualPolars",
        "BidualArrangements", "BidualLinear", "BidualProcesses", "CBidualKernels",
      ], resources: [.copy("Golden")]),
    tests("BidualTests", of: ["Bidual", "BidualProcesses"], resources: [.copy("Golden")]),
    tests("BidualStudiesTests", of: ["BidualStudies", "BidualPlots", "Bidual"]),
    tests(
      "BidualCommandTests", of: ["BidualCommand", "Bidual", "BidualDamage"], resources: [.copy("Data")]),
  ]
)

// Measurements, of what is not public too. They are built only where someone asks for them.
if Context.environment["BIDUAL_BENCHMARKS"] != nil {
  func benchmark(_ name: String) -> Target {
    .executableTarget(
      name: name, dependencies: ["Timing", "Bidual"], path: "Benchmarks/\(name)", swiftSettings: strict)
  }
  package.targets += [
    .target(name: "Timing", dependencies: ["Bidual"], path: "Benchmarks/Timing", swiftSettings: strict),
    benchmark("Anytime"), benchmark("Convolutions"), benchmark("GivenPatterns"), benchmark("Kernels"),
    benchmark("Reach"), benchmark("Scaling"), benchmark("Soundness"), benchmark("ThreeLayers"),
  ]
}
