import BidualLinear
import BidualModels

/// A zip archive in memory, as far as archives of arrays need it: members that are stored or deflated, in one file, perhaps with sizes of 64 bits.
///
/// Members are found by the directory at the end. What it says of sizes and places is held against the bytes before anything is taken or made.
struct ZipArchive {
  /// A file of the archive, as the directory has it.
  struct Member {
    /// Its name.
    let name: String
    /// Its bytes once expanded.
    let size: Int
    fileprivate let flags: Int
    fileprivate let method: Int
    fileprivate let checksum: Int
    /// Its bytes in the archive.
    fileprivate let stored: Int
    /// Where its head stands.
    fileprivate let place: Int
  }

  /// What the head of a member starts with, and so the archive.
  static let magic: [UInt8] = [0x50, 0x4B, 3, 4]
  private static let memberHead = 0x0403_4B50
  private static let directoryHead = 0x0201_4B50
  private static let end = 0x0605_4B50
  private static let end64 = 0x0606_4B50
  private static let end64Locator = 0x0706_4B50
  /// What stands in place of a size or place that needs 64 bits.
  private static let elsewhere = 0xFFFF_FFFF

  /// The members, in the order of the directory.
  let members: [Member]
  private let bytes: [UInt8]

  /// Reads the directory.
  ///
  /// - Throws: `DataError` of kind `badData`, without a path, where it is not there or damaged, or a name stands twice.
  /// - Complexity: O(bytes).
  init(_ bytes: [UInt8]) throws(DataError) {
    self.bytes = bytes
    func number(_ place: Int, _ size: Int) -> Int? { LittleEndian.integer(bytes, at: place, size: size) }
    // A comment may follow the end record, which says how long it is.
    let last = bytes.count - 22
    let end = stride(from: last, through: max(0, last - 0xFFFF), by: -1).first {
      number($0, 4) == Self.end && number($0 + 20, 2) == last - $0
    }
    guard let end else {
      throw DataError(
        .badData, "the archive is cut short: its directory is not at its end; copy or save it again")
    }
    var (count, place) = (number(end + 10, 2), number(end + 16, 4))
    if number(end - 20, 4) == Self.end64Locator {
      let record = number(end - 12, 8).flatMap { number($0, 4) == Self.end64 ? $0 : nil }
      count = record.flatMap { number($0 + 32, 8) }
      place = record.flatMap { number($0 + 48, 8) }
    }
    guard let count, var place, count <= bytes.count / 46 else { throw Self.damagedDirectory }
    var members: [Member] = []
    var names: Set<String> = []
    for _ in 0..<count {
      guard let (member, length) = Self.member(bytes, place) else { throw Self.damagedDirectory }
      guard names.insert(member.name).inserted else {
        throw DataError(
          .badData, "member '\(Excerpt(member.name))' stands twice in the archive; save each array once")
      }
      members.append(member)
      place += length
    }
    self.members = members
  }

  private static let damagedDirectory = DataError(
    .badData, "the archive's directory is damaged; copy or save the archive again")

  /// The member that an entry of the directory tells of, and the length of the entry.
  private static func member(_ bytes: [UInt8], _ place: Int) -> (Member, length: Int)? {
    func number(_ offset: Int, _ size: Int) -> Int? {
      LittleEndian.integer(bytes, at: place + offset, size: size)
    }
    guard number(0, 4) == directoryHead, let flags = number(8, 2), let method = number(10, 2),
      let checksum = number(16, 4), var stored = number(20, 4), var size = number(24, 4),
      let nameLength = number(28, 2), let extraLength = number(30, 2), let commentLength = number(32, 2),
      var start = number(42, 4), case let length = 46 + nameLength + extraLength + commentLength,
      place <= bytes.count - length
    else { return nil }
    // Numbers of 64 bits stand in a field of kind 1, those that are elsewhere alone and in this order.
    var field = 46 + nameLength
    while field + 4 <= 46 + nameLength + extraLength, let kind = number(field, 2),
      let fieldLength = number(field + 2, 2)
    {
      var next = field + 4
      func long() -> Int? {
        defer { next += 8 }
        return next + 8 <= field + 4 + fieldLength ? number(next, 8) : nil
      }
      if kind == 1 {
        if size == elsewhere { size = long() ?? -1 }
        if stored == elsewhere { stored = long() ?? -1 }
        if start == elsewhere { start = long() ?? -1 }
      }
      field += 4 + fieldLength
    }
    guard size >= 0, stored >= 0, start >= 0 else { return nil }
    let name = String(decoding: bytes[(place + 46)..<(place + 46 + nameLength)], as: UTF8.self)
    return (
      Member(
        name: name, size: size, flags: flags, method: method, checksum: checksum, stored: stored, place: start
      ), length
    )
  }

  /// The first bytes of a member, all unless a limit is given; all of them are held against their checksum.
  ///
  /// - Throws: `DataError` of kind `badData`, without the member's name, where it is damaged, encrypted, compressed otherwise than by deflate, or larger than the machine's memory.
  /// - Complexity: O(bytes).
  func expanded(_ member: Member, atMost limit: Int = .max) throws(DataError) -> [UInt8] {
    guard member.flags & 1 == 0 else {
      throw DataError(.badData, "it is encrypted; save the archive without a password")
    }
    guard member.method == 0 || member.method == 8 else {
      throw DataError(
        .badData,
        "it is compressed by method \(member.method), not by deflate; save it with numpy.savez or numpy.savez_compressed"
      )
    }
    let count = min(limit, member.size)
    guard let content = content(of: member),
      member.method == 8
        ? member.size / Inflate.largestRatio <= member.stored : member.size == member.stored
    else { throw Self.damagedMember }
    guard PhysicalMemory.holds(Double(bytes.count) + Double(count)) else {
      throw DataError(
        .badData,
        "it takes \(PhysicalMemory.text(Double(count))), more than this machine's memory beside the archive; save fewer rows or columns"
      )
    }
    let expanded = member.method == 8 ? Inflate.expanded(content, to: count) : Array(content.prefix(count))
    guard let expanded, count < member.size || Int(Inflate.checksum(expanded)) == member.checksum else {
      throw Self.damagedMember
    }
    return expanded
  }

  private static let damagedMember = DataError(
    .badData, "its bytes in the archive are damaged; copy or save the archive again")

  /// The bytes of a member as they stand in the archive.
  private func content(of member: Member) -> ArraySlice<UInt8>? {
    func number(_ offset: Int, _ size: Int) -> Int? {
      member.place > bytes.count ? nil : LittleEndian.integer(bytes, at: member.place + offset, size: size)
    }
    guard number(0, 4) == Self.memberHead, let nameLength = number(26, 2), let extraLength = number(28, 2),
      case let start = member.place + 30 + nameLength + extraLength, start <= bytes.count,
      member.stored <= bytes.count - start
    else { return nil }
    return bytes[start..<(start + member.stored)]
  }
}
