import BidualLinear
import BidualModels

/// Which activation patterns a program may use.
public enum TrainingPatterns: Sendable {
  /// All chambers, found as they are needed: exact, and the default. Problems with a closed form are
  /// solved by that (`ClosedForms`).
  case adaptive
  /// All chambers, enumerated at once: exact, for small data.
  case all
  /// The patterns of the given sources: the optimum over these, with a bound that holds over these only.
  case given([PatternChoice])

  /// Whether patterns are found as they are needed.
  package var isAdaptive: Bool { if case .adaptive = self { true } else { false } }
}

/// A kind of solver, and how one is made.
package struct SolverChoice: Sendable {
  package let kind: any Solver.Type
  /// Whether its runs can go on from a state.
  package let resumes: Bool
  /// A solver for a problem whose β_max is known or not; what it is to work on may take time to find.
  package let make:
    @Sendable (TrainingProblem, _ betaMax: Double?, StopSignal) throws(DataError) -> any Solver

  /// A solver of a kind, or on top of another one without whose states there are none.
  package init(
    kind: any Solver.Type, after inner: SolverChoice? = nil,
    make:
      @escaping @Sendable (TrainingProblem, _ betaMax: Double?, StopSignal) throws(DataError) -> any Solver
  ) {
    self.kind = kind
    resumes = kind.resumes && inner?.resumes ?? true
    self.make = make
  }

  /// A solver that needs no more than the problem.
  package init<Kind: Solver>(_ make: @escaping @Sendable (TrainingProblem) throws(DataError) -> Kind) {
    self.init(kind: Kind.self) { problem, _, _ throws(DataError) in try make(problem) }
  }
}

/// Atoms that name the solvers of their own programs, in place of those that serve all atoms with pieces.
package protocol SolvableAtoms: Atoms {
  /// The solver to a proven optimum over the patterns asked for; nil for one that serves all atoms.
  func exactSolver(over patterns: TrainingPatterns, options: WorkingSet.Options) -> SolverChoice?

  /// The solver that ends where nothing better is found, without a proof; nil for one that serves all atoms.
  func localSolver(options: WorkingSet.Options) -> SolverChoice?
}

extension SolvableAtoms {
  package func localSolver(options: WorkingSet.Options) -> SolverChoice? { nil }
}
