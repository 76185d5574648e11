import BidualPolars

/// A chamber of a working set with what the master learnt about it, in a form for files: the sides of its
/// hyperplanes are bits, four a hexadecimal digit.
struct ChamberRecord: Codable, Sendable {
  private let sign: Int
  private let sides: String
  /// The facets that are enforced, in the master's order.
  let facets: [Int]
  /// Rounds since the chamber last had a say; nil for one that was dropped.
  let idleRounds: Int?

  init(_ key: ChamberMaximum.Key, facets: [Int], idleRounds: Int?) {
    sign = key.sign < 0 ? -1 : 1
    sides = String(
      decoding: stride(from: 0, to: key.sides.count, by: 4).map { first in
        let group = key.sides[first..<min(first + 4, key.sides.count)]
        return Self.digits[group.reversed().reduce(0) { 2 * $0 + ($1 > 0 ? 1 : 0) }]
      }, as: UTF8.self)
    self.facets = facets
    self.idleRounds = idleRounds
  }

  /// The chamber, among so many hyperplanes; nil if the record is of others.
  func key(hyperplanes: Int) -> ChamberMaximum.Key? {
    let values = sides.utf8.compactMap { Self.digits.firstIndex(of: $0) }
    guard abs(sign) == 1, values.count == sides.utf8.count, values.count == (hyperplanes + 3) / 4,
      facets.allSatisfy({ (0..<hyperplanes).contains($0) }), Set(facets).count == facets.count
    else { return nil }
    return ChamberMaximum.Key(
      sign: Double(sign), sides: (0..<hyperplanes).map { values[$0 / 4] >> ($0 % 4) & 1 == 1 ? 1 : -1 })
  }

  private static let digits = Array("0123456789abcdef".utf8)
}
