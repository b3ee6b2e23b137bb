import Networking

/// What a connection is called in the log: its worker, and its number there.
struct ConnectionID: CustomStringConvertible {
    let worker: Int
    let number: UInt64

    var description: String { "\(worker)-\(String(number, radix: 36))" }
}

extension ConnectionEnd {
    /// The reason in the log.
    var word: String {
        switch self {
        case .finished: "finished"
        case .lingeredTooLong: "the peer did not end in time"
        case .layerFailed: "TLS could not go on"
        case .aborted: "aborted"
        case .peerGone: "the peer is gone"
        case .failed(let error): error.description
        }
    }
}
