/// Why tokens cannot be checked or made as configured: a sentence for the operator that names the file and
/// says what to do.
package struct TokenSetupError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The sentence.
    package let description: String
    /// Whether the file of the secret is what cannot be read; the sentence then does not name it, for it may
    /// be the secret.
    package let isSecretUnreadable: Bool

    init(_ sentence: String, isSecretUnreadable: Bool = false) {
        description = sentence
        self.isSecretUnreadable = isSecretUnreadable
    }
}
