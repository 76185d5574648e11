import ArgumentParser

/// The root of the command line.
@main
struct BidualCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bidual",
    abstract: "Trains ReLU networks to a proven global optimum.",
    discussion: """
      Exit codes: 0 done as asked, 1 failure, 2 finished but not to the tolerance asked (the model is \
      written), 3 verification failed, 64 usage, 65 bad data, 66 missing input, 73 cannot write.
      """,
    version: "0.1.0",
    subcommands: [
      Inspect.self, Fit.self, Path.self, CrossValidate.self, Verify.self, Certify.self, Compare.self,
      Predict.self,
      Report.self, Draw.self, Import.self, Export.self, Arrange.self, Reproduce.self,
    ])

  static func main() {
    Console.outliveReaders()
    #if MPI
      Ranks.run(runCommand)
    #else
      runCommand()
    #endif
  }

  private static func runCommand() {
    do {
      var arguments: [String] = []
      try reportingErrors {
        arguments = try SettingsOptions.merged(Array(CommandLine.arguments.dropFirst()))
      }
      main(arguments)
    } catch {
      exit(withError: error)
    }
  }
}
