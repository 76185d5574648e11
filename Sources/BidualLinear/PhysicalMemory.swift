#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The memory of the machine, which tells what can't be held from what is only large.
package enum PhysicalMemory {
  /// Its bytes; as many as a number can say where the system does not tell.
  package static let bytes: Double = {
    let pages = sysconf(Int32(_SC_PHYS_PAGES))
    let size = sysconf(Int32(_SC_PAGESIZE))
    return pages > 0 && size > 0 ? Double(pages) * Double(size) : .greatestFiniteMagnitude
  }()

  /// Whether so many bytes could be held, nothing else being there.
  package static func holds(_ bytes: Double) -> Bool { bytes <= Self.bytes }

  /// A number of bytes for people, such as "12 GB".
  package static func text(_ bytes: Double) -> String {
    let units = ["bytes", "kB", "MB", "GB", "TB", "PB", "EB"]
    var rest = bytes
    var unit = 0
    while rest >= 999.5, unit + 1 < units.count {
      rest /= 1000
      unit += 1
    }
    return "\(Int(min(rest, 1e15).rounded(.up))) \(units[unit])"
  }
}
