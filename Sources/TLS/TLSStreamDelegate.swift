/// Is told how a handshake ends. Released once it was.
package protocol TLSStreamDelegate: AnyObject {
    /// Both sides are who they say, and bytes can go.
    func established(_ stream: TLSStream)
    /// It failed; the peer was told, and its connection closes.
    func refused(_ stream: TLSStream, because failure: TLSFailure)
}

/// Why a connection cannot go on.
package enum TLSFailure: Sendable, Hashable, CustomStringConvertible {
    /// The peer speaks plain HTTP, and was told that this is not the place.
    case plaintext
    /// What came is no TLS.
    case notTLS
    /// The greeting is longer than any client's.
    case greetingTooLong
    /// The peer asks for answers of the layer's own and reads none.
    case flooding
    /// OpenSSL says so, in its words.
    case refused(String)

    /// For a log.
    package var description: String {
        switch self {
        case .plaintext: "the client speaks plain HTTP"
        case .notTLS: "what came is no TLS"
        case .greetingTooLong: "the client's greeting is too long"
        case .flooding: "the peer asks for answers and does not read them"
        case .refused(let reason): reason
        }
    }
}
