import BidualLinear
import Testing

/// A small data set with the number of its chambers, counted in rational arithmetic on the digits printed here.
struct ReferenceData: Sendable, CustomTestStringConvertible {
  let name: String
  let chambers: Int
  let text: String

  var testDescription: String { name }

  /// The rows: one a line, entries separated by spaces.
  var data: Matrix {
    Matrix(text.split(separator: "\n").map { line in line.split(separator: " ").map { Double($0)! } })
  }

  /// `collinear` has two rows that are parallel only to the six digits printed, and `lowrank` is of rank 2 only to
  /// six digits: slivers a ten-millionth wide are chambers too, and searches with a coarse tolerance miss them
  /// (66 of 74 and 1112 of 1124).
  static let all: [ReferenceData] = [
    ReferenceData(
      name: "bias_20x2", chambers: 40,
      text: """
        1.168976 1
        -1.997895 1
        0.87428 1
        1.799477 1
        0.644084 1
        1.459432 1
        -0.442961 1
        -1.799774 1
        -0.373478 1
        1.424371 1
        1.392991 1
        -0.331404 1
        -1.571548 1
        1.190055 1
        -0.71835 1
        0.205523 1
        -0.391949 1
        0.100323 1
        0.667494 1
        -0.557436 1
        """),
    ReferenceData(
      name: "bias_9x4", chambers: 186,
      text: """
        -0.771792 0.331645 0.839065 1
        0.547467 0.612876 -1.94142 1
        0.370364 -1.125073 1.490395 1
        -0.089599 -1.849428 -0.606164 1
        -0.424966 -0.867794 1.016523 1
        0.072166 0.539842 0.732526 1
        0.017631 0.229675 -1.90706 1
        -1.255221 1.247735 1.161231 1
        0.4376 -0.895928 0.26321 1
        """),
    ReferenceData(
      name: "binary_12x3", chambers: 20,
      text: """
        1 0 1
        0 0 0
        0 1 0
        0 0 0
        1 1 0
        1 0 1
        0 1 0
        0 1 0
        0 1 1
        1 1 1
        0 1 0
        1 0 1
        """),
    ReferenceData(
      name: "collinear_12x3", chambers: 74,
      text: """
        1.34094 1.455844 -1.976966
        2.68188 2.911688 -3.953931
        -1.34094 -1.455844 1.976966
        1.34094 1.455844 -1.976966
        0 0 0
        -0.474789 -1.277871 -0.93544
        -1.028902 -1.67212 1.190237
        -0.254373 0.941029 0.050507
        0.467405 0.113638 -0.210444
        0.389338 0.144668 1.203171
        -0.003289 0.619644 -0.168445
        -1.468567 -0.7076 1.405871
        """),
    ReferenceData(
      name: "essay_complex", chambers: 10,
      text: """
        1.5 1
        2.5 2
        2 2
        1 1.5
        2 2.5
        """),
    ReferenceData(
      name: "essay_example", chambers: 6,
      text: """
        2 1
        1 2
        2 4
        4 2
        -1 1
        """),
    ReferenceData(
      name: "essay_noisy", chambers: 10,
      text: """
        1 -2
        1 -1
        1 0
        1 1
        1 2
        """),
    ReferenceData(
      name: "gauss_10x3", chambers: 92,
      text: """
        -0.662478 0.417688 -1.786497
        0.304289 1.524864 0.458724
        -0.453842 2.262685 1.881031
        0.237409 -0.622494 1.988456
        -2.49823 0.759351 -0.045758
        -1.315763 -0.881933 0.447362
        -0.047253 1.46557 -0.204631
        1.597247 -0.116646 -0.854711
        0.053103 -0.38693 0.236738
        -0.299515 -0.673483 -0.09865
        """),
    ReferenceData(
      name: "gauss_12x2", chambers: 24,
      text: """
        0.932322 -0.134842
        -1.097771 1.209314
        -1.520061 -0.365906
        0.087537 -0.673526
        -0.312201 0.651751
        0.101883 2.118328
        -0.17471 -0.053022
        1.177655 1.03407
        1.357064 -0.26346
        0.656353 -1.051036
        -0.295157 -0.603615
        0.427573 1.164091
        """),
    ReferenceData(
      name: "line", chambers: 10,
      text: """
        -2 1
        -1 1
        0 1
        1 1
        2 1
        """),
    ReferenceData(
      name: "lowrank_12x5", chambers: 1124,
      text: """
        0.941237 -1.351319 -0.288065 0.850237 -0.01015
        0.19697 0.949921 -0.444749 0.031623 -0.712756
        -1.232055 1.070015 0.595025 -1.029999 0.416146
        -0.165727 -1.231363 0.508975 0.024678 0.848806
        -0.69199 0.847443 0.25733 -0.607756 0.09165
        -0.899642 0.274638 0.592513 -0.691966 0.595961
        0.830099 1.675605 -1.148347 0.409533 -1.661932
        0.522898 -1.384095 0.03751 0.547516 0.359492
        -0.670009 0.417961 0.374711 -0.540673 0.320808
        -0.349529 -0.317487 0.362503 -0.218498 0.47608
        -0.881208 0.263346 0.582139 -0.677116 0.587015
        1.136584 -1.035573 -0.533799 0.955938 -0.355956
        """),
  ]
}
