import Bidual

/// The other runs whose networks the certified method's bounds are held against, and whose bounds are held too.
enum Rivals {
  /// Some of them for an instance, each with its name; a run that makes no sense there ends with a typed error.
  static func some(for instance: Instance) -> [(name: String, training: Training)] {
    var draw = Draw(seed: 0x71_7A15 &+ instance.number)
    var rivals = all(of: instance, &draw)
    // Those that most often have something to say come first.
    let first = rivals.removeFirst()
    var chosen = [first]
    for _ in 0..<3 where !rivals.isEmpty {
      chosen.append(rivals.remove(at: draw.number(0...(rivals.count - 1))))
    }
    return chosen
  }

  private static func all(of instance: Instance, _ draw: inout Draw) -> [(String, Training)] {
    func changed(_ change: (inout Training) -> Void) -> Training {
      var training = instance.training
      change(&training)
      return training
    }
    // Gates are drawn by the seed, and bounds are of networks on the same gates.
    let otherSeed = instance.training.seed &+ (instance.kind == .gated ? 0 : 1)
    var descent = Training.Descent()
    descent.width = draw.number(2...12)
    descent.epochs = 60
    descent.learningRate = draw.power(-3, -0.5)
    var rivals: [(String, Training)] = [
      ("local", changed { $0.method = .local }),
      ("exact, loose gap and other seed", changed { ($0.gap, $0.seed) = (0.1, otherSeed) }),
      ("local, single precision", changed { ($0.method, $0.precision) = (.local, .single) }),
    ]
    for method: Training.Method in [.gd, .adam, .momentum] {
      rivals.append((method.rawValue, changed { ($0.method, $0.descent) = (method, descent) }))
    }
    let outputs = instance.dataset.outputs
    switch instance.kind {
    case .twoLayer, .firstNorm:
      rivals += [
        ("all patterns", changed { $0.patterns = .all }),
        (
          "given patterns",
          changed { $0.patterns = .given([.source(GaussianGates(draws: draw.number(1...10)))]) }
        ),
        ("penalised", changed { ($0.method, $0.descent) = (.penalised, descent) }),
        ("patterns of a trained network", changed { $0.patterns = .given([.initial(neurons: 3)]) }),
      ]
      if outputs > 1 {
        for method: Training.Method in [.frankWolfe, .copositive, .cuttingPlane, .svd]
        where instance.loss == "squared" {
          rivals.append((method.rawValue, changed { $0.method = method }))
        }
      } else {
        rivals.append(("clifford", changed { $0.method = .clifford }))
      }
      rivals.append(("rank 1", changed { $0.rank = 1 }))
    case .threeLayer:
      rivals += [
        ("EP21 (13)", changed { $0.method = .ergenPilanci13 }),
        ("penalised", changed { ($0.method, $0.descent) = (.penalised, descent) }),
        ("one sub-network", changed { $0.subnetworkLimit = 1 }),
      ]
    case .gated, .linear: rivals.append(("rank 1", changed { $0.rank = 1 }))
    case .reluConvolution:
      rivals += [
        ("all patterns", changed { $0.patterns = .all }), ("rank 1", changed { $0.rank = 1 }),
      ]
    case .linearConvolution, .circularConvolution, .locallyConnected: break
    }
    return rivals
  }
}
