import BidualIO
import BidualLinear
import BidualModels
import Testing

@Suite struct NPYTests {
  private static let again = "save the array again with numpy.save"

  /// A NumPy file of format version 1 from its dictionary and its data.
  private func file(_ fields: String, data: [UInt8] = [], version: UInt8 = 1) -> [UInt8] {
    let header = Array(fields.utf8)
    return [0x93] + Array("NUMPY".utf8) + [version, 0, UInt8(header.count % 256), UInt8(header.count / 256)]
      + header + data
  }

  @Test func readsEveryType() throws {
    let cases: [([UInt8], [Double])] = [
      (NumPyFiles.float64, [1.5, -2, 0.1, 1e300, .leastNonzeroMagnitude, -0.0]),
      (NumPyFiles.float32Fortran, [1.5, 2, 3, 4, 5, Double(Float(0.1))]),
      (NumPyFiles.int8, [-128, 0, 127]), (NumPyFiles.int16, [-32768, 32767]),
      (NumPyFiles.int32, [-2_147_483_648, 2_147_483_647]), (NumPyFiles.int64, [-0x1p63, 7]),
      (NumPyFiles.uint8, [0, 255]), (NumPyFiles.uint16, [65535, 1]), (NumPyFiles.uint32, [4_294_967_295]),
      (NumPyFiles.uint64, [0x1p64]), (NumPyFiles.bool, [1, 0]), (NumPyFiles.version3, [3, 4]),
      (NumPyFiles.scalar, [2.5]), (NumPyFiles.cubeFortran, (0..<12).map(Double.init)),
    ]
    for (bytes, elements) in cases {
      #expect(bits(try NPYReader.array(bytes: bytes).elements) == bits(elements))
    }
  }

  @Test func shapesBecomeMatrices() throws {
    let square = try NPYReader.array(bytes: NumPyFiles.float32Fortran)
    #expect(square.shape == [2, 3])
    #expect(square.matrix.row(1).first == 4)
    let vector = try NPYReader.array(bytes: NumPyFiles.int8)
    #expect(vector.shape == [3])
    #expect(vector.matrix == Matrix([[-128], [0], [127]]))
    let cube = try NPYReader.array(bytes: NumPyFiles.cubeFortran)
    #expect(cube.shape == [2, 3, 2])
    #expect(cube.matrix == Matrix([[0, 1, 2, 3, 4, 5], [6, 7, 8, 9, 10, 11]]))
    let scalar = try NPYReader.array(bytes: NumPyFiles.scalar)
    #expect(scalar.shape == [])
    #expect(scalar.matrix == Matrix([[2.5]]))
  }

  @Test func takesOtherSpellingsOfTheHeader() throws {
    let data: [UInt8] = [7, 0]
    for fields in [
      "{'shape':(1L,),'fortran_order':False,'descr':'<u2'}",
      "{\"descr\": \"<u2\", 'fortran_order': True, 'shape': (1,)}",
      "{'descr': '<u2', 'fortran_order': False, 'shape': (1, 1, ), }   \n",
    ] {
      #expect(try NPYReader.array(bytes: file(fields, data: data)).elements == [7])
    }
  }

  @Test func writesWhatNumPyWrites() throws {
    for bytes in [NumPyFiles.float64, NumPyFiles.scalar, NumPyFiles.vector] {
      #expect(NPYWriter.bytes(try NPYReader.array(bytes: bytes)) == bytes)
    }
  }

  @Test func randomArraysComeBackBitForBit() throws {
    var random = SeededGenerator(seed: 7)
    for _ in 0..<300 {
      let shape = (0..<Int.random(in: 0...4, using: &random)).map { _ in Int.random(in: 1...5, using: &random)
      }
      let elements = (0..<shape.reduce(1, *)).map { _ in random.finiteDouble() }
      let bytes = NPYWriter.bytes(try NPYArray(shape: shape, elements: elements))
      let back = try NPYReader.array(bytes: bytes)
      #expect(back.shape == shape)
      #expect(bits(back.elements) == bits(elements))
    }
  }

  @Test func headersOfManyAxesComeBack() throws {
    let array = try NPYArray(shape: Array(repeating: 1, count: 30_000), elements: [4])
    #expect(try NPYReader.array(bytes: NPYWriter.bytes(array)) == array)
  }

  @Test func goesThroughAFile() throws {
    let folder = try TemporaryFolder()
    let array = try NPYArray(Matrix([[1, 2], [3, 4]]))
    try NPYWriter.write(array, to: folder.file("a.npy"))
    #expect(try NPYReader.array(path: folder.file("a.npy")) == array)
    try AtomicFile.write("x", to: folder.file("a.npy"))
    expectError(
      .badData, "\(folder.file("a.npy")): the file is not a NumPy array; save it with numpy.save"
    ) { try NPYReader.array(path: folder.file("a.npy")) }
  }

  @Test func filesOfAnotherKind() {
    for bytes in [[], Array("a,b\n1,2\n".utf8), [0x93]] {
      expectError(.badData, "the file is not a NumPy array; save it with numpy.save") {
        try NPYReader.array(bytes: bytes)
      }
    }
    expectError(.badData, "NumPy format version 4 is unknown; save the array in version 1, 2 or 3") {
      try NPYReader.array(bytes: file("{}", version: 4))
    }
  }

  @Test func cutFiles() {
    for length in [6, 9, 10, 60, 127] {
      expectError(.badData, "the NumPy file ends inside its header; copy or save it again") {
        try NPYReader.array(bytes: Array(NumPyFiles.float64.prefix(length)))
      }
    }
    expectError(
      .badData,
      "the NumPy file is cut short: its header promises 48 bytes of data, but it holds 47; copy or save it again"
    ) { try NPYReader.array(bytes: NumPyFiles.float64.dropLast()) }
    expectError(
      .badData, "the NumPy file's header promises 48 bytes of data, but it holds 49; save one array a file"
    ) { try NPYReader.array(bytes: NumPyFiles.float64 + [0]) }
  }

  @Test func unsupportedTypes() {
    let remedy = "convert the array with astype('<f8') before saving"
    for (bytes, type) in [
      (NumPyFiles.bigEndian, ">f8"), (NumPyFiles.half, "<f2"),
      (NumPyFiles.structured, "[('a', '<i4'), ('b', '<f8')]"),
    ] {
      expectError(.badData, "element type '\(type)' is not supported; \(remedy)") {
        try NPYReader.array(bytes: bytes)
      }
    }
  }

  @Test func badEntries() {
    expectError(
      .badData,
      "entry [1, 0] (counted from 0) is nan, not a finite number; drop the row or replace the value"
    ) { try NPYReader.array(bytes: NumPyFiles.nan) }
    expectError(
      .badData, "the array is empty (shape (0, 3)); give at least one entry along each axis"
    ) { try NPYReader.array(bytes: NumPyFiles.empty) }
    expectError(.badData, "the shape (2,) has 2 entries, but 1 are given; make them agree") {
      try NPYArray(shape: [2], elements: [1])
    }
  }

  @Test func hugeShapesAreRefusedBeforeAllocation() {
    let head = "{'descr': '<f8', 'fortran_order': False, 'shape': "
    let tail = "is larger than any file; the header is damaged, so save the array again"
    for shape in ["(4294967296, 4294967296)", "(1152921504606846976,)", "(9223372036854775807, 1)"] {
      expectError(.badData, "the shape \(shape) \(tail)") {
        try NPYReader.array(bytes: file("\(head)\(shape)}"))
      }
    }
    expectError(
      .badData,
      "the NumPy file is cut short: its header promises 8000000000000 bytes of data, but it holds 0; copy or save it again"
    ) { try NPYReader.array(bytes: file("\(head)(1000000, 1000000)}")) }
  }

  @Test(arguments: [
    "", "{", "{}", "[]", "{'descr'}", "{'descr': 8}", "{'descr': '<f8', 'shape': (1,)}",
    "{'descr': '<f8', 'fortran_order': 1, 'shape': (1,)}",
    "{'descr': '<f8', 'fortran_order': True, 'shape': 1}",
    "{'descr': '<f8', 'fortran_order': True, 'shape': (-1,)}",
    "{'descr': '<f8', 'fortran_order': True, 'shape': (1",
    "{'descr': '<f8', 'fortran_order': True, 'shape': (1,)} x", "{'descr': '<f8, 'fortran_order': True}",
    "{'descr': ['<f8', 'fortran_order': True}", "{'other': 1}", "{'descr': '<f8' 'fortran_order': True}",
  ])
  func damagedHeaders(fields: String) {
    expectError(.badData, "the NumPy header can't be understood; \(Self.again)") {
      try NPYReader.array(bytes: file(fields))
    }
  }

  @Test func mutatedFilesNeverTrap() {
    var random = SeededGenerator(seed: 8)
    let sources = [
      NumPyFiles.float64, NumPyFiles.float32Fortran, NumPyFiles.cubeFortran, NumPyFiles.version3,
      NumPyFiles.bool,
    ]
    let spice = Array("(),'0123456789[]{}:<|LTF".utf8)
    for round in 0..<20_000 {
      var bytes = sources[round % sources.count]
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        // Most of the head is padding: aim at its first 80 bytes.
        let place = Int.random(in: 0..<min(80, bytes.count), using: &random)
        switch Int.random(in: 0..<5, using: &random) {
        case 0: bytes[place] = spice.randomElement(using: &random)!
        case 1: bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
        case 2: bytes.insert(spice.randomElement(using: &random)!, at: place)
        case 3: bytes.remove(at: place)
        default:
          bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
        }
      }
      do throws(DataError) {
        let array = try NPYReader.array(bytes: bytes)
        #expect(!array.elements.contains { !$0.isFinite })
        #expect(array.matrix.elements.count == array.elements.count)
      } catch {
        #expect(error.kind == .badData)
      }
    }
  }
}
