/// The chord s₀ + s₁ρ below √(1 + ρ) over the values that ρ = |w|² takes on a box.
struct SphereChord {
  /// s₀ + s₁|c|² at the box's centre c.
  private(set) var constant = 1.0
  /// s₁.
  private(set) var rise = 0.5
  /// |c|².
  private(set) var square = 0.0
  /// The least value of √(1 + ρ).
  private(set) var nearest = 1.0
  /// What the chord loses in the middle, for each unit of ρ.
  private var lost = 0.0

  init() {}

  init(_ place: BoxPlace, axes: Int) {
    var least = 0.0
    var largest = 0.0
    for j in 0..<axes {
      let distance = abs(place.center[j])
      let near = max(0, distance - place.half[j])
      square += distance * distance
      least += near * near
      largest += (distance + place.half[j]) * (distance + place.half[j])
    }
    nearest = (1 + least).squareRoot()
    rise = 1 / (nearest + (1 + largest).squareRoot())
    let start = nearest - rise * least
    constant = start + rise * square
    let middle = 0.5 * (least + largest)
    if largest > least {
      lost = ((1 + middle).squareRoot() - start - rise * middle) / (largest - least)
    }
  }

  /// The share of an axis in what the chord loses.
  func lost(_ place: BoxPlace, _ axis: Int) -> Double {
    let distance = abs(place.center[axis])
    let near = max(0, distance - place.half[axis])
    let far = distance + place.half[axis]
    return lost * (far * far - near * near)
  }
}
