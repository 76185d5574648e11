import BidualLinear
import BidualModels

/// The arrays of an NPZ archive as columns: those of its matrix are called c0, c1, …, a vector is the column of its own name.
///
/// Only what is asked for is read: an archive may hold other things beside it.
struct NPZArrays {
  private let arrays: [NPZMember]
  private let places: [String: Int]

  /// Reads the heads of the arrays.
  ///
  /// - Throws: `DataError` of kind `badData`, without a path, where the bytes are no zip archive or hold no array.
  /// - Complexity: O(arrays) beside that of the archive.
  init(_ bytes: [UInt8]) throws(DataError) {
    guard bytes.starts(with: ZipArchive.magic) else {
      throw DataError(.badData, "the file is not an archive of NumPy arrays; save it with numpy.savez")
    }
    let archive = try ZipArchive(bytes)
    arrays = archive.members.compactMap { NPZMember($0, of: archive) }
    guard !arrays.isEmpty else {
      throw DataError(
        .badData, "the archive holds no NumPy array (a member NAME.npy); save it with numpy.savez")
    }
    places = Dictionary(uniqueKeysWithValues: zip(arrays.map(\.name), arrays.indices))
  }

  /// The names of all columns, those of the matrix first.
  ///
  /// - Parameter ignored: columns, or arrays, that are left out whatever they are.
  /// - Throws: `DataError` of kind `badData` where an array that is not left out makes no columns.
  /// - Complexity: O(columns), and that of reading the matrix.
  func names(except ignored: [String]) throws(DataError) -> [String] {
    var names: [String] = []
    if let matrix = try matrix(), !ignored.contains(matrix.array.name) {
      names = ColumnNames.numbered(matrix.width)
    }
    for name in ignored where places[name] == nil && !names.contains(name) { throw missing(name) }
    for array in arrays where !ignored.contains(array.name) {
      switch try array.header.get().shape.count {
      case 0:
        throw DataError(
          .badData, "member '\(Excerpt(array.name))' is a single number, not a column; leave it out with ",
          .ignore)
      case 1: names.append(array.name)
      default: break
      }
    }
    return names.filter { !ignored.contains($0) }
  }

  /// The wanted columns in the order wanted, that of labels behind them.
  ///
  /// - Throws: `DataError` of kind `badData` where one is missing or wanted twice, an array is damaged, or two are of different lengths.
  /// - Complexity: O(bytes of the arrays that hold them).
  func columns(_ wanted: [String], label: String?) throws(DataError) -> NumberColumns {
    let names = wanted + (label.map { [$0] } ?? [])
    var seen: Set<String> = []
    var vectors: [String: [Double]] = [:]
    var positions: [Int] = []
    var first: (name: String, rows: Int)?
    func check(_ array: NPZMember, _ rows: Int) throws(DataError) {
      if let first, first.rows != rows {
        throw DataError(
          .badData,
          "member '\(Excerpt(array.name))' has \(rows) rows, but '\(Excerpt(first.name))' has \(first.rows); save arrays of one length"
        )
      }
      first = first ?? (array.name, rows)
    }
    let matrix = try names.allSatisfy { isVector($0) } ? nil : matrix()
    for name in names {
      guard seen.insert(name).inserted else { throw ColumnNames.listedTwice(name) }
      if let place = places[name], arrays[place].isVector {
        let vector = try arrays[place].vector()
        try check(arrays[place], vector.count)
        vectors[name] = vector
      } else if let matrix, let position = ColumnNames.number(of: name), position < matrix.width {
        if positions.isEmpty { try check(matrix.array, matrix.rows) }
        positions.append(position)
      } else {
        throw missing(name)
      }
    }
    let rows = first?.rows ?? matrix?.rows ?? 0
    let picked = positions.isEmpty ? [] : try matrix?.array.columns(positions, of: matrix?.width ?? 0) ?? []
    let values = Self.merged(names, vectors, picked, rows: rows)
    return NumberColumns(
      names: names, values: Matrix(rows: rows, columns: names.count, elements: values), label: label)
  }

  /// Rows of the matrix's picked columns and of the vectors, in the order of the names.
  private static func merged(
    _ names: [String], _ vectors: [String: [Double]], _ picked: [Double], rows: Int
  ) -> [Double] {
    guard !vectors.isEmpty else { return picked }
    let columns = names.map { vectors[$0] }
    var values: [Double] = []
    values.reserveCapacity(rows * names.count)
    var next = 0
    for row in 0..<rows {
      for column in columns {
        if let column {
          values.append(column[row])
        } else {
          values.append(picked[next])
          next += 1
        }
      }
    }
    return values
  }

  /// Whether there is an array of the name that makes one column, or can't be read.
  private func isVector(_ name: String) -> Bool { places[name].map { arrays[$0].isVector } ?? false }

  /// The array with more axes than one, if there is any.
  private func matrix() throws(DataError) -> (array: NPZMember, rows: Int, width: Int)? {
    let matrices = arrays.filter { !$0.isVector }
    guard matrices.count < 2 else {
      throw DataError(
        .badData,
        "members '\(Excerpt(matrices[0].name))' and '\(Excerpt(matrices[1].name))' are both matrices; save that of the features alone, and targets and weights as vectors (ravel)"
      )
    }
    guard let array = matrices.first else { return nil }
    let (rows, width) = try array.size()
    if let clash = places.keys.filter({ ColumnNames.number(of: $0).map { $0 < width } ?? false }).min() {
      throw DataError(
        .badData,
        "member '\(clash)' has the name of a column of the matrix '\(Excerpt(array.name))'; save it by another name"
      )
    }
    return (array, rows, width)
  }

  private func missing(_ name: String) -> DataError {
    // It may be a column of an array that can't be read.
    for array in arrays { if case .failure(let error) = array.header { return error } }
    let shown = arrays.prefix(10).map { "'\(Excerpt($0.name))'" }.joined(separator: ", ")
    let rest = arrays.count > 10 ? ", … (\(arrays.count) in all)" : ""
    return DataError(
      .badData,
      "there is no column '\(Excerpt(name))'; the archive holds the arrays \(shown)\(rest): name a vector, or a column c0, c1, … of the matrix"
    )
  }
}
