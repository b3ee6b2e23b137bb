import HTTP1

/// Somebody is not let in, and when to come back.
struct DoorRefusal: Hashable, Sendable {
    /// What was reached.
    let limit: DoorLimit
    /// Not everybody is told the same, so that they do not all come back at once.
    let retryAfterSeconds: Int
    /// The first in a minute: the operator is told of this one.
    var isNews = false

    /// What the peer is told.
    var response: HTTPResponse {
        HTTPResponse(status, text: sentence, fields: ["Retry-After": "\(retryAfterSeconds)"])
    }

    private var status: HTTPStatus {
        switch limit {
        case .connectionsPerAddress, .handshakesPerAddress: .tooManyRequests
        default: .serviceUnavailable
        }
    }

    private var sentence: String {
        switch limit {
        case .connectionsPerAddress:
            "Your network address has as many connections as one may have; close some, or come back later."
        case .handshakesPerAddress:
            "Your network address opens sessions faster than one may; come back a little later."
        case .handshakes: "More people come in just now than the server takes at a time; come back soon."
        default: "The server has as many connections as it takes; come back soon."
        }
    }

    /// What the operator is told with it.
    var hint: String {
        switch limit {
        case .connectionsPerAddress, .handshakesPerAddress:
            "if this address is your proxy, name it in proxies.trusted"
        case .handshakes: "limits.handshakesPerSecond"
        default: "limits.connections, or the file descriptors the process may open"
        }
    }
}
