/// The exceptions to the tidy rules, each with its reason. A line that is needed no longer fails too, so the
/// lists cannot rot.
enum Allowances {
    /// Files that may hold pointers. All other files see bytes as spans and arrays.
    static let unsafeFiles: [String: String] = [:]

    /// Files that may say `@unchecked` or `nonisolated(unsafe)`.
    static let uncheckedFiles: [String: String] = [:]

    /// Files that write to standard output.
    static let printingFiles: [String: String] = [
        "Sources/parley/main.swift": "a command line's answer goes to standard output"
    ]

    /// Files with decisions in them and no test file of their name.
    static let untestedFiles: [String: String] = [:]

    /// Test files that wait for time to pass, because time is what they test.
    static let sleepingTests: [String: String] = [:]
}
