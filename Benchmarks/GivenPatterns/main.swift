import Bidual
import Foundation

let usage = """
  GivenPatterns solve FOLDER [relu | gated] [--gap G] [--threads N] [--output FOLDER] [--verbose]
      the program over the patterns of gates: one line, in the order of the table's columns
  GivenPatterns table FOLDER... [--gap G] [--threads N] [--output FOLDER] [--peers FILE.csv]
      both forms of several problems, each in a process of its own, as a Markdown table
  GivenPatterns digits FOLDER [relu | gated] [--digit K] [--ratio R] [--gates P] [--loss NAME] [--gap G]
                [--threads N] [--width M] [--verbose]
      one digit of MNIST against the rest, and Adam for as much processor time

  A problem's folder holds X.npy (n×d), y.npy (n), G.npy (d×P, a gate a column) and beta.npy (one number); its answer's
  V.npy and W.npy (P×d), vectors of positive and negative sign. The digits' folder holds mnist_train_images.npy and
  so on. FILE.csv has the columns problem, form, peer, seconds, megabytes.
  """

let options = Arguments(CommandLine.arguments.dropFirst())
switch options.words.first {
case "solve" where options.words.count >= 2: try GivenProblem(folder: options.words[1]).solve(options)
case "table" where options.words.count >= 2: try ProblemTable(options).print()
case "digits" where options.words.count >= 2: try Digits(options).run()
default:
  print(usage)
  exit(64)
}
