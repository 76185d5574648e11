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

  /// The bytes of it that the process holds at the moment; 0 where the system does not tell.
  package static var resident: Double {
    #if os(Linux)
      let file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
      guard file >= 0 else { return 0 }
      defer { close(file) }
      var text = [UInt8](repeating: 0, count: 128)
      let count = read(file, &text, text.count)
      // Pages: of the program in all, then of those the resident ones.
      let fields = text.prefix(max(0, count)).split(separator: UInt8(ascii: " "))
      guard fields.count > 1, let pages = Double(String(decoding: fields[1], as: UTF8.self)) else { return 0 }
      return pages * Double(sysconf(Int32(_SC_PAGESIZE)))
    #else
      // The most that it ever held: all that the system says without private calls.
      var usage = rusage()
      return getrusage(RUSAGE_SELF, &usage) == 0 ? Double(usage.ru_maxrss) : 0
    #endif
  }

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
