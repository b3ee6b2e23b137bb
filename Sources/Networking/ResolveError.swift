import Glibc

/// A host name has no address now; the description says what to do.
package struct ResolveError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Why there is none.
    package enum Fault: Hashable, Sendable {
        /// Nobody knows the name.
        case unknownName
        /// Whoever would know did not answer.
        case noAnswer
        /// The time limit passed first.
        case tooSlow
        /// Anything else, with getaddrinfo's number.
        case failed(Int32)
    }

    /// The name that was looked up.
    package let host: String
    /// Why there is no address.
    package let fault: Fault

    /// From getaddrinfo's number.
    init(_ host: String, code: Int32) {
        switch code {
        case EAI_NONAME: self.init(host, .unknownName)
        case EAI_AGAIN: self.init(host, .noAnswer)
        default: self.init(host, .failed(code))
        }
    }

    init(_ host: String, _ fault: Fault) {
        self.host = host
        self.fault = fault
    }

    /// One sentence for whoever wrote the name.
    package var description: String {
        switch fault {
        case .unknownName: "No host is named \"\(host)\": correct the name, or write a numeric address."
        case .noAnswer:
            "No name server answers for \"\(host)\": see /etc/resolv.conf, or write a numeric address."
        case .tooSlow:
            "Looking up \"\(host)\" takes too long: see /etc/resolv.conf, or write a numeric address."
        case .failed(let code): "Looking up \"\(host)\" failed: \(String(cString: gai_strerror(code)))."
        }
    }
}
