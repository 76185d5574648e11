import BidualArrangements
import BidualCertificates
import BidualModels
import BidualPolars

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The patterns and multipliers of a restricted certificate in a file: a pattern as Base64 of its bits, eight
/// samples a byte with the first in the lowest bit.
struct RestrictionDocument: Codable, Equatable {
  /// One set of multipliers.
  struct Cone: Codable, Equatable {
    var pattern: Int
    var negative: Bool
    var rows: [Int]
    var values: [Double]
  }

  var samples: Int
  var patterns: [String]
  var multipliers: [Cone]

  init(_ restriction: PatternRestriction) {
    samples = restriction.patterns.samples
    patterns = (0..<restriction.patterns.count).map {
      Data(restriction.patterns[$0].bytes).base64EncodedString()
    }
    multipliers = restriction.multipliers.map {
      Cone(pattern: $0.pattern, negative: $0.isNegative, rows: $0.rows, values: $0.values)
    }
  }

  func restriction(path: String) throws(DataError) -> PatternRestriction {
    var packed: [ActivationPattern] = []
    for (place, text) in patterns.enumerated() {
      guard let bytes = Data(base64Encoded: text),
        let pattern = ActivationPattern(bytes: bytes, count: samples)
      else {
        throw DataError(
          .badData,
          "\(path): pattern \(place) (counted from 0) is not one of \(samples) samples; give a file that bidual wrote"
        )
      }
      packed.append(pattern)
    }
    guard !packed.isEmpty, multipliers.allSatisfy({ $0.rows.count == $0.values.count }),
      let restriction = PatternRestriction(
        PatternSet(packed, samples: samples),
        multipliers: multipliers.map {
          ConeMultipliers(pattern: $0.pattern, isNegative: $0.negative, rows: $0.rows, values: $0.values)
        })
    else {
      throw DataError(
        .badData, "\(path): the multipliers do not fit the patterns; give a file that bidual wrote")
    }
    return restriction
  }

  /// Takes all of it into a fingerprint.
  func add(to digest: inout Digest) {
    digest.add("samples", samples)
    digest.add("patterns", patterns)
    for cone in multipliers {
      digest.add("pattern", cone.pattern)
      digest.add("negative", cone.negative ? 1 : 0)
      digest.add("rows", cone.rows)
      digest.add("values", cone.values)
    }
  }
}
