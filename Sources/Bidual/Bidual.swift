@_exported import BidualArrangements
@_exported import BidualCertificates
@_exported import BidualIO
@_exported import BidualLinear
@_exported import BidualModels
@_exported import BidualObjectives
@_exported import BidualPolars
@_exported import BidualSolvers
