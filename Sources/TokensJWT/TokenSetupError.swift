/// Why tokens cannot be checked or made as configured: a sentence for the operator that names the file and
/// says what to do.
package struct TokenSetupError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The sentence.
    package let description: String

    init(_ sentence: String) { description = sentence }
}
