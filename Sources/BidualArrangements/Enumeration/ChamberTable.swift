/// Chambers found so far: an open-addressing hash table from fingerprints to indices, and for each index
/// the sum of the unit rays seen on the chamber's boundary and a hyperplane to cross towards the root.
///
/// Adding takes O(k) expected time, k the number of coordinates kept.
struct ChamberTable {
  private struct Slot {
    var low: UInt64
    var high: UInt32
    /// The chamber's index, or −1 where the slot is free.
    var index: Int32
  }

  /// The number of coordinates of the ray sums; 0 where only the combinatorics are wanted.
  let dimension: Int
  /// The number of chambers.
  private(set) var count = 0
  /// The sums of unit rays, `dimension` entries a chamber.
  private(set) var raySums: [Double] = []
  /// For each chamber a hyperplane that bounds it and separates it from the root; −1 for the root.
  private(set) var crossings: [Int32] = []

  /// For each chamber whether it has a ray whose hyperplanes were hard to tell, so that it needs checking.
  private(set) var isDoubtful: [Bool] = []

  private var slots: [Slot]
  private var mask: Int

  init(dimension: Int, expectedCount: Int) {
    self.dimension = dimension
    var capacity = 16
    while capacity < expectedCount * 3 / 2 { capacity *= 2 }
    slots = Array(repeating: Slot(low: 0, high: 0, index: -1), count: capacity)
    mask = capacity - 1
    raySums.reserveCapacity(expectedCount * dimension)
    crossings.reserveCapacity(expectedCount)
    isDoubtful.reserveCapacity(expectedCount)
  }

  /// Notes that `sign` · `ray` lies on the boundary of a chamber, which is added if it is new.
  /// - Parameter crossing: a facet of the chamber that separates it from the root; −1 if none is known.
  mutating func add(
    _ key: Fingerprint, ray: [Double], sign: Double, crossing: Int32, isDoubtful doubt: Bool
  ) {
    let index = indexInserting(key)
    if doubt { isDoubtful[index] = true }
    if crossings[index] < 0 { crossings[index] = crossing }
    let start = index * dimension
    for k in 0..<dimension { raySums[start + k] += sign * ray[k] }
  }

  /// The index of a chamber, or nil if it is not there.
  func index(of key: Fingerprint) -> Int? {
    var position = Int(truncatingIfNeeded: key.low) & mask
    while true {
      let slot = slots[position]
      if slot.index < 0 { return nil }
      if slot.low == key.low && slot.high == key.high { return Int(slot.index) }
      position = (position + 1) & mask
    }
  }

  /// Calls `body` with every chamber's fingerprint and index, in no particular order.
  func forEach(_ body: (Fingerprint, Int) -> Void) {
    for slot in slots where slot.index >= 0 {
      body(Fingerprint(low: slot.low, high: slot.high), Int(slot.index))
    }
  }

  private mutating func indexInserting(_ key: Fingerprint) -> Int {
    if 4 * count >= 3 * slots.count { grow() }
    var position = Int(truncatingIfNeeded: key.low) & mask
    while slots[position].index >= 0 {
      if slots[position].low == key.low && slots[position].high == key.high {
        return Int(slots[position].index)
      }
      position = (position + 1) & mask
    }
    slots[position] = Slot(low: key.low, high: key.high, index: Int32(count))
    for _ in 0..<dimension { raySums.append(0) }
    crossings.append(-1)
    isDoubtful.append(false)
    count += 1
    return count - 1
  }

  private mutating func grow() {
    let old = slots
    slots = Array(repeating: Slot(low: 0, high: 0, index: -1), count: 2 * old.count)
    mask = slots.count - 1
    for slot in old where slot.index >= 0 {
      var position = Int(truncatingIfNeeded: slot.low) & mask
      while slots[position].index >= 0 { position = (position + 1) & mask }
      slots[position] = slot
    }
  }
}
