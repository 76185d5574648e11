import BidualLinear
import BidualModels

/// An array of an NPZ archive, of which only the head has been read.
struct NPZMember {
  /// The name that it was saved by.
  let name: String
  /// What its head says, or why it can't be read.
  let header: Result<NPYHeader, DataError>
  private let archive: ZipArchive
  private let member: ZipArchive.Member

  /// What the names of arrays end with in an archive.
  private static let suffix = ".npy"
  /// Room for the longest head of format version 1; only structured types have longer ones.
  private static let headLength = 1 << 17

  /// Reads the head of a member; nil for one that is no array.
  init?(_ member: ZipArchive.Member, of archive: ZipArchive) {
    guard member.name.hasSuffix(Self.suffix) else { return nil }
    let name = String(member.name.dropLast(Self.suffix.count))
    header = Result { () throws(DataError) in
      try Self.located(name) { () throws(DataError) in
        try NPYHeader(FileStream(bytes: archive.expanded(member, atMost: Self.headLength)))
      }
    }
    self.name = name
    self.archive = archive
    self.member = member
  }

  /// The number of its axes; nil where its head can't be read.
  var axes: Int? { try? header.get().shape.count }

  /// Whether it makes one column, or can't be read.
  var isVector: Bool { axes ?? 1 < 2 }

  /// Its rows, and the columns that its other axes make.
  ///
  /// - Throws: `DataError` of kind `badData` where that can't be: until its columns have names the head is all that speaks of them.
  func size() throws(DataError) -> (rows: Int, width: Int) {
    let header = try header.get()
    return try Self.located(name) { () throws(DataError) in
      guard header.dataStart + header.dataSize == member.size else {
        throw DataError(.badData, "it is not as long as its header promises; copy or save the archive again")
      }
      guard PhysicalMemory.holds(16 * Double(header.count)) else {
        throw DataError(
          .badData,
          "its \(header.count) numbers do not fit into this machine's memory; save fewer rows or columns")
      }
      return (header.shape[0], header.count / header.shape[0])
    }
  }

  /// The numbers of an array with one axis.
  ///
  /// - Throws: `DataError` of kind `badData` for another, or one that is damaged.
  /// - Complexity: O(bytes).
  func vector() throws(DataError) -> [Double] {
    guard try header.get().shape.count == 1 else {
      throw DataError(.badData, "member '\(Excerpt(name))' is a single number; save one number a row")
    }
    return try Self.located(name) { () throws(DataError) in try elements().all() }
  }

  /// Some columns of all rows, those of a row together.
  ///
  /// - Throws: `DataError` of kind `badData` where the array is damaged.
  /// - Complexity: O(bytes).
  func columns(_ positions: [Int], of width: Int) throws(DataError) -> [Double] {
    try Self.located(name) { () throws(DataError) in try elements().columns(positions, of: width) }
  }

  private func elements() throws(DataError) -> NPYElements {
    let stream = FileStream(bytes: try archive.expanded(member))
    return try NPYElements(try NPYHeader(stream), stream)
  }

  private static func located<Value>(_ name: String, _ work: () throws(DataError) -> Value) throws(DataError)
    -> Value
  {
    do {
      return try work()
    } catch {
      throw error.located(in: "member '\(Excerpt(name))'")
    }
  }
}
