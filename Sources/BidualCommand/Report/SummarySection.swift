import Bidual
import BidualPlots

extension ReportSection {
  /// What was trained, and what is known of it.
  static func summary(
    _ model: Model, _ dataset: Dataset, _ problem: TrainingProblem, _ certificate: Certificate?
  )
    -> ReportSection
  {
    var rows = [
      ["objective", "\(Certifier(problem).objective(of: model.sampleNetwork))"],
      ["architecture", model.architecture.name],
      ["neurons", "\(model.network.neurons)"], ["samples", "\(dataset.samples)"],
      ["features", "\(model.featureNames.count)"],
      ["outputs", "\(model.network.outputs)"],
    ]
    let line = ProblemReport(model, problem).line
    var verdict = "Nothing is said of the optimum: the report was made without a certificate."
    if let certificate {
      rows.insert(["lower bound", "\(certificate.lowerBound)"], at: 1)
      rows.insert(["relative gap", Markup.number(certificate.relativeGap)], at: 2)
      rows.insert(["scope", certificate.scope.rawValue], at: 3)
      verdict =
        switch certificate.scope {
        case .global:
          "By its certificate, no \(Wording.networks(like: model)) has an objective below \(certificate.lowerBound); this one is within \(Markup.number(100 * certificate.relativeGap)) % of that. 'bidual verify' checks it anew."
        case .restricted:
          "By its certificate, no network with the given activation patterns has an objective below \(certificate.lowerBound). Other networks may."
        case .none: "The certificate proves nothing about the optimum."
        }
    }
    return ReportSection(
      heading: "The network", blocks: [.verdict(verdict), .table(["", ""], rows), .paragraph(line)])
  }
}
