/// Groups vectors into classes of parallel or antiparallel ones, up to a tolerance on the sine of the angle.
///
/// Vectors come with lengths in (0, 1]: a vector of length ℓ left over from projecting a unit normal has a
/// direction known only to about tolerance/ℓ, so two vectors are parallel when their directions differ by at
/// most tolerance divided by the shorter length. Sorting by |gᵀn̂| for one fixed direction g leaves few pairs
/// to compare: O(m log m) on data without very short vectors, O(m²) at worst.
struct ParallelClasses {
  /// For each vector its class; classes are numbered by their first member.
  let classOf: [Int]
  /// For each vector whether it points along (+1) or against (−1) its class's representative.
  let orientation: [Int8]
  /// For each class its longest member, whose direction is known best.
  let representatives: [Int]

  /// - Parameters:
  ///   - vectors: m vectors of the given dimension, one after another; none is zero.
  init(vectors: [Double], dimension: Int, tolerance: Double) {
    let count = dimension == 0 ? 0 : vectors.count / dimension
    var units = vectors
    var lengths = [Double](repeating: 0, count: count)
    var keys = [(value: Double, index: Int32)]()
    keys.reserveCapacity(count)
    let probe = Self.probe(dimension)
    var shortest = 1.0
    for i in 0..<count {
      var squares = 0.0
      for k in 0..<dimension { squares += vectors[i * dimension + k] * vectors[i * dimension + k] }
      let length = squares.squareRoot()
      lengths[i] = length
      shortest = min(shortest, length)
      var key = 0.0
      for k in 0..<dimension {
        units[i * dimension + k] /= length
        key += probe[k] * units[i * dimension + k]
      }
      keys.append((abs(key), Int32(i)))
    }
    keys.sort { $0.value < $1.value || ($0.value == $1.value && $0.index < $1.index) }

    var seedOf = [Int](repeating: -1, count: count)
    let window = tolerance / shortest
    for position in 0..<count {
      let seed = Int(keys[position].index)
      guard seedOf[seed] < 0 else { continue }
      seedOf[seed] = seed
      var later = position + 1
      while later < count, keys[later].value - keys[position].value <= window {
        let other = Int(keys[later].index)
        later += 1
        guard seedOf[other] < 0 else { continue }
        let allowed = tolerance / min(lengths[seed], lengths[other])
        var apart = 0.0
        var opposed = 0.0
        for k in 0..<dimension {
          let a = units[seed * dimension + k]
          let b = units[other * dimension + k]
          apart += (a - b) * (a - b)
          opposed += (a + b) * (a + b)
        }
        if min(apart, opposed) <= allowed * allowed { seedOf[other] = seed }
      }
    }

    var classOfSeed = [Int](repeating: -1, count: count)
    var classOf = [Int](repeating: 0, count: count)
    var representatives: [Int] = []
    for i in 0..<count {
      if classOfSeed[seedOf[i]] < 0 {
        classOfSeed[seedOf[i]] = representatives.count
        representatives.append(i)
      }
      let number = classOfSeed[seedOf[i]]
      classOf[i] = number
      if lengths[i] > lengths[representatives[number]] { representatives[number] = i }
    }
    orientation = (0..<count).map { i in
      let representative = representatives[classOf[i]]
      var product = 0.0
      for k in 0..<dimension {
        product += vectors[i * dimension + k] * vectors[representative * dimension + k]
      }
      return product < 0 ? -1 : 1
    }
    self.classOf = classOf
    self.representatives = representatives
  }

  /// A unit vector in no special position: equal keys for different directions would only cost time.
  private static func probe(_ dimension: Int) -> [Double] {
    let raw = (0..<dimension).map { (Double($0) + 2).squareRoot() - 0.7 * Double($0 % 2) }
    let length = raw.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return raw.map { $0 / length }
  }
}
