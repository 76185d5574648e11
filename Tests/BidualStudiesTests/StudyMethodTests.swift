import Bidual
import Testing

@testable import BidualStudies

/// What studies compare by.
@Suite struct StudyMethodTests {
  /// The optima that the essay prints are those of a penalty by squares; the reference values are those of an independent solver of
  /// non-negative least squares.
  @Test(arguments: [
    (EssayData.simple, 0.0013650428005), (.noisy, 0.0127731026986), (.complex, 0.0063597165596),
  ])
  func squaredPenaltiesGiveThePrintedOptima(data: EssayData, reference: Double) throws {
    let value = try SquaredPenalty(data.subject(panel: "").dataset).optimum(beta: 1e-3)
    #expect(abs(value / reference - 1) < 1e-9, "\(value)")
    #expect(abs(value / data.printedOptimum - 1) < 0.01)
  }

  /// Each image is of the nearest cluster of its own class, and one part a class changes nothing.
  @Test func pseudoClassesAreClustersWithinAClass() throws {
    let values = [0, 10, 1, 11, 100, 130, 101, 131.0]
    let set = ImageSet(
      Matrix(values.map { [$0, $0] }), values.map { $0 < 50 ? 0 : 1 }, 1, 1, 2)
    var random = SeededGenerator(seed: 1)
    let pseudo = PseudoClasses(of: set, parts: 2, using: &random)
    let found = pseudo.classes(of: set)
    #expect(pseudo.count == 4 && found.allSatisfy { (0..<4).contains($0) })
    for (a, b) in [(0, 2), (1, 3), (4, 6), (5, 7)] { #expect(found[a] == found[b]) }
    #expect(Set(found).count == 4)
    #expect(PseudoClasses(of: set, parts: 1, using: &random).classes(of: set) == set.classes)
  }

  /// The course of Algorithm 1 falls to where it ends.
  @Test func iteratesAreTold() throws {
    let study = TeacherDescent()
    let changes = [
      ("widths", "3"), ("epochs", "5"), ("trials", "1"), ("seconds", "3"), ("tuned-rates", "1e-4"),
    ]
    .map { (key: $0.0, text: $0.1) }
    let run = try StudyRun(study, scale: .quick, changes: changes, folder: "/")
    try run.complete()
    let course = run.curves.filter { $0.method == "Algorithm 1" }
    let end = try #require(run.end(of: "Algorithm 1", in: "teacher"))
    #expect(course.count > 1 && zip(course, course.dropFirst()).allSatisfy { $0.objective >= $1.objective })
    #expect(zip(course, course.dropFirst()).allSatisfy { $0.step <= $1.step })
    #expect(abs((course.last?.objective ?? 0) / end.objective - 1) < 1e-6)
  }
}
