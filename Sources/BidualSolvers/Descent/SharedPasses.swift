import BidualLinear
import BidualObjectives
import BidualPolars
import BidualProcesses

/// Passes over samples of which several processes hold a run each (`SharedPass`), here at the processes that help.
package final class SharedPasses: RankService {
  /// What sums are wanted.
  struct Task: BitwiseCopyable {
    let wantsGradient: Bool
    /// Whether they are over chosen samples; over all if not.
    let areChosen: Bool
    let isRounded: Bool
  }

  /// The first byte of its messages.
  package static let letter = UInt8(ascii: "p")
  private var held: [UInt: (pass: any GradientPass, samples: PassSamples, run: Range<Int>)] = [:]

  /// Holds no samples yet.
  package init() {}

  /// Takes in samples, sums over them, or forgets them.
  package func take(_ message: inout Message, in group: some ProcessGroup) {
    let order = PassOrder(rawValue: message.next())
    let number: UInt = message.next()
    switch order {
    case .samples:
      let form: PassForm = message.next()
      var part = Message(group.scatter([]))
      let first: Int = part.next()
      let samples = PassSamples(from: &part)
      held[number] = (form.pass(over: samples), samples, first..<(first + samples.count))
    case .sums: sum(&message, number, in: group)
    case .leaving: held[number] = nil
    case nil: preconditionFailure("every message is an order")
    }
  }

  private func sum(_ message: inout Message, _ number: UInt, in group: some ProcessGroup) {
    guard let (pass, samples, run) = held[number] else {
      preconditionFailure("samples are told before sums over them are wanted")
    }
    let task: Task = message.next()
    let weights: [Double] = message.list()
    let chosen: [Int]? = task.areChosen ? message.list() : nil
    pass.setRounding(task.isRounded ? RoundedKinks(from: &message) : nil)
    var predictions = [Double](repeating: 0, count: chosen == nil ? samples.targets.count : 0)
    let sums = BLAS.singleThreaded {
      predictions.withUnsafeMutableBufferPointer {
        pass.sums(
          weights, over: run, chosen: chosen, predictions: $0.baseAddress, wantsGradient: task.wantsGradient)
      }
    }
    group.total(sums)
    guard chosen == nil else { return }
    var answer = Message()
    answer.append(predictions)
    _ = group.gather(answer.bytes)
  }
}

/// What rank 0 asks of those that hold samples.
enum PassOrder: UInt8 {
  /// To take in samples.
  case samples
  /// To sum over them.
  case sums
  /// To forget them.
  case leaving
}

extension Message {
  /// A message that begins with an order.
  init(_ order: PassOrder) {
    self.init(to: SharedPasses.self)
    append(order.rawValue)
  }
}

extension PassSamples {
  /// Whether the loss is what every process makes of its name.
  var isKnownAnywhere: Bool {
    guard let known = try? LossRegistry.standard.loss(loss.name, parameter: loss.parameter) else {
      return false
    }
    return type(of: known) == type(of: loss)
  }

  /// Writes where a run of samples begins, and these.
  func write(_ run: Range<Int>, to message: inout Message) {
    let d = rows.columns * pooling.rows
    message.append(run.lowerBound)
    message.append(loss.name)
    message.append(loss.parameter != nil)
    if let parameter = loss.parameter { message.append(parameter) }
    message.append(pooling.rows)
    message.append(pooling.averages)
    message.append(outputs)
    message.append(hasOffset)
    message.append(Array(weights[run]))
    message.append(Array(targets[(run.lowerBound * outputs)..<(run.upperBound * outputs)]))
    message.append(rows.columns)
    message.append(Array(rows.elements[(run.lowerBound * d)..<(run.upperBound * d)]))
  }

  /// Reads samples behind where they begin.
  fileprivate init(from message: inout Message) {
    let name = message.text()
    let parameter = message.next() ? message.next() as Double : nil
    guard let loss = try? LossRegistry.standard.loss(name, parameter: parameter) else {
      preconditionFailure("losses are known by name")
    }
    let pooling = RowPooling(rows: message.next(), averages: message.next())
    let outputs: Int = message.next()
    let hasOffset: Bool = message.next()
    let weights: [Double] = message.list()
    let targets: [Double] = message.list()
    let columns: Int = message.next()
    let elements: [Double] = message.list()
    self.init(
      rows: Matrix(rows: weights.count * pooling.rows, columns: columns, elements: elements),
      pooling: pooling, targets: targets, outputs: outputs, weights: weights, loss: loss,
      hasOffset: hasOffset)
  }
}

extension RoundedKinks {
  /// Writes the kinks.
  func write(to message: inout Message) {
    message.append(neurons)
    message.append(lossCurvature)
  }

  fileprivate init(from message: inout Message) {
    self.init(neurons: message.list(), lossCurvature: message.next())
  }
}
