import ArgumentParser
import Bidual

/// How a run ends, as exit codes (sysexits where they fit).
extension ExitCode {
  /// Finished, but not to the tolerance asked.
  static let notToTolerance = ExitCode(2)
  /// A certificate was not accepted.
  static let verificationFailed = ExitCode(3)
}

extension DataError.Setting {
  /// The option that stands for the setting.
  fileprivate var option: String {
    switch self {
    case .noHeader: "--no-header"
    case .features: "--features"
    case .target: "--target"
    case .positive: "--positive"
    case .missing: "--missing"
    case .ignore: "--ignore"
    case .categories: "--categories"
    }
  }
}

/// Runs a subcommand's work and turns its errors into a message on standard error and an exit code.
func reportingErrors(_ work: () throws -> Void) throws {
  do {
    try work()
  } catch let error as DataError {
    Console.note("bidual: \(error.message(naming: \.option))")
    switch error.kind {
    case .badSettings: throw ExitCode(64)
    case .badData: throw ExitCode(65)
    case .missingInput: throw ExitCode(66)
    case .cannotWrite: throw ExitCode(73)
    }
  } catch let error as VerificationFailure {
    Console.note("bidual: not verified: \(error)")
    throw error.isUnfinished ? ExitCode.notToTolerance : ExitCode.verificationFailed
  }
}
