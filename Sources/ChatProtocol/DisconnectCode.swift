/// Why the server ends a session. 4000 to 4499: come back; 4500 to 4999: do not, something must change first.
/// The table is `protocol/disconnects.json`; `DisconnectCodeTests` holds the two together.
package enum DisconnectCode: Int, CaseIterable, Sendable {
    case shutdown = 4001
    case noPong = 4002
    case connectTimeout = 4003
    case tokenExpired = 4004
    case tooEarly = 4005
    case flooding = 4006
    case slow = 4008
    case badFrame = 4501
    case unauthorized = 4502

    /// The name in the table and in logs.
    package var name: String { String(describing: self) }

    /// One comparison decides, so that a client understands codes it has never seen.
    package var mayReconnect: Bool { rawValue < 4500 }

    /// What a person is told.
    package var sentence: String {
        switch self {
        case .shutdown: "The server is stopping; come back after the time it named."
        case .noPong: "The client did not answer the heartbeat."
        case .connectTimeout: "No connect command came in time."
        case .tokenExpired: "The token has expired; come back with a new one."
        case .tooEarly: "Too much was sent before the answer to connect; wait for it."
        case .flooding: "Commands kept coming although they were refused; heed retryAfterMs."
        case .slow: "The client read too slowly for too long."
        case .badFrame: "The frame is not JSON; this client does not speak the protocol."
        case .unauthorized: "Too many tokens were refused on this connection; a valid one is needed."
        }
    }
}

/// The end of a session as the peer learns it.
package struct Disconnect: Sendable, Equatable {
    /// Which rule.
    package var code: DisconnectCode
    /// When to come back, in milliseconds; nil leaves it to the client's own back-off.
    package var afterMs: Int?

    /// A disconnect of this code.
    package init(_ code: DisconnectCode, afterMs: Int? = nil) {
        self.code = code
        self.afterMs = afterMs
    }
}
