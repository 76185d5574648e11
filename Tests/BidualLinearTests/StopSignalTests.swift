import Testing

@testable import BidualLinear

/// What raises a signal, and what it passes on.
@Suite struct StopSignalTests {
  @Test func memoryBeyondALimitIsAStop() {
    let whole = StopSignal(memory: MemoryLimit(bytes: 1))
    #expect(whole.isOverMemory && whole.isRaised && !whole.wasRequested && !whole.isPastDeadline)
    let part = whole.firstPart(0.5)
    #expect(part.isOverMemory && part.isRaised)
    // A last short proof has its time all the same.
    #expect(!whole.closing.isRaised)
    #expect(!StopSignal(memory: MemoryLimit(bytes: 1e15)).isRaised)
  }

  /// A program holds more than its pages of code and less than the machine has, and what it takes is seen.
  @Test func memoryHeldIsTold() {
    let before = PhysicalMemory.resident
    #expect(before > 1e6 && before < PhysicalMemory.bytes)
    let numbers = [Double](repeating: 1, count: 25_000_000)
    #expect(PhysicalMemory.resident > before + 1e8 && numbers[7] == 1)
  }
}
