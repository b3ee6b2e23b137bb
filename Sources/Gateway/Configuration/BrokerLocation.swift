/// What carries news between instances.
package enum BrokerLocation: Sendable, Hashable, CustomStringConvertible {
    /// Nothing does: the workers of this process reach one another, and the archive tells the rest.
    case memory
    /// Redis, at the first of these URLs that answers.
    case redis([String])

    /// The location that is written so; nil where none is.
    init?(_ text: String) {
        if text == "memory:" {
            self = .memory
            return
        }
        let urls = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard urls.allSatisfy({ $0.hasPrefix("redis://") }) else { return nil }
        self = .redis(urls)
    }

    /// As it may be shown: without a password.
    package var description: String {
        switch self {
        case .memory: "memory:"
        case .redis(let urls): urls.map { MaskedText($0).description }.joined(separator: ",")
        }
    }
}
