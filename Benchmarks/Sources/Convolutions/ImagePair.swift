import Bidual

/// Images of two classes of CIFAR-10, whose pixels are scaled alike: mean 0 and deviation 1 over all training pixels.
struct ImagePair {
  /// One image a row, with targets −1 and 1.
  struct Part {
    var images: Matrix
    let targets: [Double]

    /// The percentage of images on the right side of a network's prediction.
    func accuracy(_ network: any Network) -> Double {
      let hits = zip(network.predictions(images), targets).count { $0 * $1 > 0 }
      return 100 * Double(hits) / Double(targets.count)
    }
  }

  private(set) var training: Part
  private(set) var test: Part

  /// The first images of two classes from the files of a folder, and all test images of these, those from JPEG files included.
  ///
  /// - Parameter grey: a height and a width; images become grey, of so many area averages. Nil for all pixels of three colours.
  init(folder: String, classes: [Int], count: Int, grey: (height: Int, width: Int)? = nil) throws {
    func part(_ names: [String], limit: Int) throws -> Part {
      var (rows, targets): ([[Double]], [Double]) = ([], [])
      for name in names {
        let images = try NPYReader.array(path: "\(folder)/\(name)_images.npy")
        let labels = try NPYReader.array(path: "\(folder)/\(name)_labels.npy").elements
        for (i, label) in labels.enumerated() where rows.count < limit && classes.contains(Int(label)) {
          let pixels = Array(images.elements[(i * 3072)..<((i + 1) * 3072)])
          rows.append(grey.map { Self.averages(pixels, $0) } ?? pixels)
          targets.append(Int(label) == classes[0] ? -1 : 1)
        }
      }
      return Part(images: Matrix(rows), targets: targets)
    }
    training = try part(["cifar10_train"], limit: count)
    test = try part(["cifar10_test", "cifar10_jpeg_test"], limit: .max)
    let pixels = training.images.elements
    let mean = pixels.reduce(0, +) / Double(pixels.count)
    let deviation = (pixels.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(pixels.count)).squareRoot()
    func scale(_ images: inout Matrix) {
      for place in images.elements.indices {
        images.elements[place] = (images.elements[place] - mean) / deviation
      }
    }
    scale(&training.images)
    scale(&test.images)
  }

  /// The means of the grey image over equal parts of it, pixels on a border counted by their shares.
  private static func averages(_ pixels: [Double], _ size: (height: Int, width: Int)) -> [Double] {
    func shares(_ part: Int, of parts: Int) -> [(pixel: Int, share: Double)] {
      let (low, high) = (Double(32 * part) / Double(parts), Double(32 * (part + 1)) / Double(parts))
      return (0..<32).compactMap { pixel in
        let share = min(high, Double(pixel + 1)) - max(low, Double(pixel))
        return share > 0 ? (pixel, share / (high - low)) : nil
      }
    }
    return (0..<size.height).flatMap { down in
      (0..<size.width).map { across in
        shares(down, of: size.height).reduce(0) { sum, y in
          sum
            + shares(across, of: size.width).reduce(0) { part, x in
              let place = 32 * y.pixel + x.pixel
              return part + y.share * x.share * (pixels[place] + pixels[1024 + place] + pixels[2048 + place])
                / 3
            }
        }
      }
    }
  }
}
