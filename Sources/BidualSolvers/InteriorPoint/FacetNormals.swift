import BidualLinear

/// Products with the normals of facets, the rows of one matrix G a block.
struct FacetNormals {
  private let rank: Int
  private let starts: [Int]
  private let normals: [Double]
  /// √w·G of a block.
  private var weighted: [Double]
  /// Blocks of a smaller rank go through loops: a call has its own cost.
  private let leastRank = 8

  init(_ program: ConicProgram) {
    rank = program.rank
    starts = program.facetStart
    normals = program.facets
    let most = zip(starts, starts.dropFirst()).map { $1 - $0 }.max() ?? 0
    weighted = Array(repeating: 0, count: rank < leastRank ? 0 : most * rank)
  }

  /// heights ← Gx of each block.
  ///
  /// - Complexity: O(fr) for f facets of rank r, as for the other products with vectors.
  func heights(_ x: [Double], into heights: inout [Double]) {
    x.withUnsafeBufferPointer { x in
      heights.withUnsafeMutableBufferPointer { heights in
        forBlocks { b, facets, normals in
          let (x, heights) = (x.baseAddress! + b * rank, heights.baseAddress! + starts[b])
          if rank < leastRank {
            for f in 0..<facets { heights[f] = dot(normals + f * rank, x, count: rank) }
          } else {
            BLAS.gemv(m: facets, n: rank, a: normals, x: x, y: heights)
          }
        }
      }
    }
  }

  /// x ← x + factor·Gᵀforces of each block.
  func add(_ factor: Double, _ forces: [Double], to x: inout [Double]) {
    x.withUnsafeMutableBufferPointer { x in
      forces.withUnsafeBufferPointer { forces in
        forBlocks { b, facets, normals in
          let (x, forces) = (x.baseAddress! + b * rank, forces.baseAddress! + starts[b])
          if rank < leastRank {
            for f in 0..<facets {
              let force = factor * forces[f]
              for k in 0..<rank { x[k] += force * normals[f * rank + k] }
            }
          } else {
            BLAS.gemv(
              transpose: true, m: facets, n: rank, alpha: factor, a: normals, x: forces, beta: 1, y: x)
          }
        }
      }
    }
  }

  /// H ← H + GᵀWG of each block, the lower triangles, for W the diagonal of ratios of positive numbers.
  ///
  /// - Complexity: O(fr²).
  mutating func addGram(of tops: [Double], over bottoms: [Double], to hessians: inout [Double]) {
    let (rank, starts, leastRank) = (rank, starts, leastRank)
    weighted.withUnsafeMutableBufferPointer { weighted in
      hessians.withUnsafeMutableBufferPointer { hessians in
        normals.withUnsafeBufferPointer { normals in
          for b in 0..<(starts.count - 1) where starts[b] < starts[b + 1] {
            let hessian = hessians.baseAddress! + b * rank * rank
            let facets = starts[b]..<starts[b + 1]
            if rank < leastRank {
              for f in facets {
                let normal = normals.baseAddress! + f * rank
                let weight = tops[f] / bottoms[f]
                for i in 0..<rank {
                  let g = weight * normal[i]
                  for j in 0...i { hessian[i * rank + j] += g * normal[j] }
                }
              }
              continue
            }
            for f in facets {
              let root = (tops[f] / bottoms[f]).squareRoot()
              let (row, normal) = ((f - facets.lowerBound) * rank, normals.baseAddress! + f * rank)
              for k in 0..<rank { weighted[row + k] = root * normal[k] }
            }
            BLAS.syrk(
              transpose: true, n: rank, k: facets.count, a: weighted.baseAddress!, beta: 1, c: hessian)
          }
        }
      }
    }
  }

  /// Calls `body` for each block that has facets, with their number and their normals.
  private func forBlocks(_ body: (_ b: Int, _ facets: Int, _ normals: UnsafePointer<Double>) -> Void) {
    normals.withUnsafeBufferPointer { normals in
      for b in 0..<(starts.count - 1) where starts[b] < starts[b + 1] {
        body(b, starts[b + 1] - starts[b], normals.baseAddress! + starts[b] * rank)
      }
    }
  }
}
