import Testing

/// One place where a rule of the house is broken.
struct Breach: Hashable, CustomStringConvertible {
    /// The file, from the root of the repository.
    var path: String
    /// The line, from 1; 0 means the file as a whole.
    var line: Int = 0
    /// What is wrong, and what to do instead.
    var message: String

    var description: String { line > 0 ? "\(path):\(line): \(message)" : "\(path): \(message)" }
}

/// Fails once for each breach, so that every one of them is listed.
func expectNone(_ breaches: [Breach], _ location: SourceLocation = #_sourceLocation) {
    for breach in breaches {
        Issue.record("\(breach.description)", sourceLocation: location)
    }
}
