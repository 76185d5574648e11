/// Where a column stands: among the columns of the data file, or in a NumPy file of its own.
public enum ColumnPlace: Sendable, Equatable {
  /// The column of that name.
  case column(String)
  /// The numbers of the NumPy file at that path, one a row.
  case file(String)

  /// The place that a text names: a file if it ends in `.npy`, else a column.
  public init(_ text: String) {
    self = text.hasSuffix(".npy") ? .file(text) : .column(text)
  }

  /// The name of the column; a column in a file of its own is named after its role, so that no path enters a
  /// model.
  public func name(inRole role: String) -> String {
    if case .column(let name) = self { name } else { role }
  }
}
