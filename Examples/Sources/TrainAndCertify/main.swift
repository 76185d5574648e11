import Bidual

// Trains on balloons.csv (or the CSV file given as the only argument) and prints what is proven.
let path = CommandLine.arguments.dropFirst().first ?? "balloons.csv"
let dataset = try CSVReader().table(path: path).dataset(target: "target")
let trained = try Training(beta: .value(0.1), gap: 1e-6, bias: true).fit(dataset)

let certificate = trained.certificate
print("objective \(certificate.objective), proven lower bound \(certificate.lowerBound)")
print("scope \(certificate.scope.rawValue), certified to 1e-6: \(certificate.isCertified(to: 1e-6))")
print("\(trained.model.network.neurons) neurons")
print("first prediction \(trained.model.predictions(dataset.features)[0]), target \(dataset.targets[0])")

try ModelFile.write(trained.model, to: "model.json")
try CertificateFile(certificate, model: trained.model, dataset: dataset).write(to: "certificate.json")
