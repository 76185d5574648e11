/// SHA-256 (FIPS 180-4) of bytes that come piece by piece.
struct SHA256 {
  /// How many bytes are hashed at once.
  private static let blockSize = 64

  /// The beginnings of the fractions of the cube roots of the first 64 primes.
  private static let constants: [UInt32] = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
    0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
    0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
    0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
    0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
    0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
    0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
  ]

  /// At first the beginnings of the fractions of the square roots of the first eight primes.
  private var state = SIMD8<UInt32>(
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19)
  /// What has come of the next block.
  private var block: [UInt8] = []
  private var count = 0

  /// Takes in more bytes.
  ///
  /// - Complexity: O(bytes).
  mutating func update(_ bytes: UnsafeRawBufferPointer) {
    count += bytes.count
    var left = bytes[...]
    while !left.isEmpty {
      let piece = left.prefix(Self.blockSize - block.count)
      block.append(contentsOf: UnsafeRawBufferPointer(rebasing: piece))
      left = left.dropFirst(piece.count)
      if block.count == Self.blockSize { compress() }
    }
  }

  /// The hash of all that was taken in, as 64 hexadecimal digits.
  var text: String {
    var padded = self
    let zeros = (2 * Self.blockSize - 9 - block.count) % Self.blockSize
    let padding = [0x80] + [UInt8](repeating: 0, count: zeros)
    padding.withUnsafeBytes { padded.update($0) }
    withUnsafeBytes(of: UInt64(8 * count).bigEndian) { padded.update($0) }
    return padded.state.indices.map { index in
      let digits = String(padded.state[index], radix: 16)
      return String(repeating: "0", count: 8 - digits.count) + digits
    }.joined()
  }

  /// Works the full block into the state and empties it.
  private mutating func compress() {
    state &+= withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { schedule in
      block.withUnsafeBytes { block in
        for t in 0..<16 {
          schedule[t] = UInt32(bigEndian: block.loadUnaligned(fromByteOffset: 4 * t, as: UInt32.self))
        }
      }
      for t in 16..<64 {
        let (early, late) = (schedule[t - 15], schedule[t - 2])
        let first = early.rotated(7) ^ early.rotated(18) ^ early >> 3
        let second = late.rotated(17) ^ late.rotated(19) ^ late >> 10
        schedule[t] = schedule[t - 16] &+ first &+ schedule[t - 7] &+ second
      }
      return mixing(UnsafeBufferPointer(schedule))
    }
    block.removeAll(keepingCapacity: true)
  }

  /// What 64 rounds make of the state.
  private func mixing(_ schedule: UnsafeBufferPointer<UInt32>) -> SIMD8<UInt32> {
    Self.constants.withUnsafeBufferPointer { constants in
      func round(
        _ t: Int, _ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: inout UInt32, _ e: UInt32, _ f: UInt32,
        _ g: UInt32, _ h: inout UInt32
      ) {
        let choice = (e & f) ^ (~e & g)
        let majority = (a & b) ^ (a & c) ^ (b & c)
        h &+= (e.rotated(6) ^ e.rotated(11) ^ e.rotated(25)) &+ choice &+ constants[t] &+ schedule[t]
        d &+= h
        h &+= (a.rotated(2) ^ a.rotated(13) ^ a.rotated(22)) &+ majority
      }
      var (a, b, c, d) = (state[0], state[1], state[2], state[3])
      var (e, f, g, h) = (state[4], state[5], state[6], state[7])
      // The variables change roles from round to round, as moving their values would take longer.
      for t in stride(from: 0, to: 64, by: 8) {
        round(t, a, b, c, &d, e, f, g, &h)
        round(t + 1, h, a, b, &c, d, e, f, &g)
        round(t + 2, g, h, a, &b, c, d, e, &f)
        round(t + 3, f, g, h, &a, b, c, d, &e)
        round(t + 4, e, f, g, &h, a, b, c, &d)
        round(t + 5, d, e, f, &g, h, a, b, &c)
        round(t + 6, c, d, e, &f, g, h, a, &b)
        round(t + 7, b, c, d, &e, f, g, h, &a)
      }
      return SIMD8(a, b, c, d, e, f, g, h)
    }
  }
}

extension UInt32 {
  /// The bits moved to the right, those that drop out coming in at the left.
  fileprivate func rotated(_ places: UInt32) -> UInt32 { self &>> places | self &<< (32 &- places) }
}
