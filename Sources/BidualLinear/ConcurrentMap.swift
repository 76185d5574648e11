import Dispatch

/// The results of `body` for 0..<`count`, computed on up to `threads` threads.
///
/// Index i runs in lane i mod `threads`; each lane has one thread at a time, so that `body` may use
/// storage of its lane. The results do not depend on the number of threads if `body` does not.
package func concurrentMap<Result: Sendable>(
  _ count: Int, threads: Int, _ body: @Sendable (_ index: Int, _ lane: Int) -> Result
) -> [Result] {
  let lanes = min(max(1, threads), count)
  guard lanes > 1 else { return (0..<count).map { body($0, 0) } }
  var results = [Result?](repeating: nil, count: count)
  results.withUnsafeMutableBufferPointer { buffer in
    nonisolated(unsafe) let output = buffer
    DispatchQueue.concurrentPerform(iterations: lanes) { lane in
      for i in stride(from: lane, to: count, by: lanes) { output[i] = body(i, lane) }
    }
  }
  return results.map { $0.unsafelyUnwrapped }
}
