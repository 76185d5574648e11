import Bidual
import Foundation
import Testing

/// 300 tiny problems, all certified, with the same optima on every processor and every kernel of BLAS.
@Suite struct EveryProblemTests {
  static let count = 300

  /// Optima to 10⁻⁷, by `writeOptima` on one processor: other kernels must agree with them.
  private static let optima: [Double]? = Bundle.module.url(
    forResource: "optima", withExtension: "json", subdirectory: "Golden"
  ).flatMap { try? JSONDecoder().decode([Double].self, from: Data(contentsOf: $0)) }

  @Test(arguments: TinyDrawing.losses.indices) func isCertifiedAndKnown(loss: Int) throws {
    let optima = try #require(Self.optima)
    try #require(optima.count == Self.count)
    for number in stride(from: loss, to: Self.count, by: TinyDrawing.losses.count) {
      let drawing = try TinyDrawing(number)
      let certificate = try drawing.training.fit(drawing.dataset).certificate
      let optimum = optima[number]
      expect(certificate, of: drawing, gap: 1e-4, isZero: optimum <= drawing.rounding)
      let room = 1e-4 * max(certificate.objective, optimum) + drawing.rounding
      #expect(
        abs(certificate.objective - optimum) <= room, "\(drawing): \(certificate.objective), \(optimum)")
      #expect(certificate.lowerBound <= optimum * (1 + 2e-7) + drawing.rounding, "\(drawing)")
    }
  }

  /// Writes the resource, from the package's folder:
  /// `BIDUAL_OPTIMA=Tests/BidualTests/Golden/optima.json swift test -c release --filter writeOptima`.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["BIDUAL_OPTIMA"] != nil)) func writeOptima() throws {
    let path = try #require(ProcessInfo.processInfo.environment["BIDUAL_OPTIMA"])
    let optima = try (0..<Self.count).map { number in
      let drawing = try TinyDrawing(number, gap: 1e-7)
      let certificate = try drawing.training.fit(drawing.dataset).certificate
      expect(certificate, of: drawing, gap: 1e-7, isZero: certificate.objective <= drawing.rounding)
      return certificate.objective
    }
    let lines = optima.map { "\($0)" }.joined(separator: ",\n  ")
    try "[\n  \(lines)\n]\n".write(toFile: path, atomically: true, encoding: .utf8)
  }

  /// The gap is proven; an optimum of zero, which no relative gap measures, is met to rounding.
  private func expect(_ certificate: Certificate, of drawing: TinyDrawing, gap: Double, isZero: Bool) {
    #expect(
      certificate.isCertified(to: gap)
        || (isZero && certificate.scope == .global && certificate.objective <= drawing.rounding),
      "\(drawing): objective \(certificate.objective), gap \(certificate.relativeGap)")
  }
}
