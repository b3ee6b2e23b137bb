import HTTP1

/// The limits that stand between the open Internet and the hub, as `parley_limits_reached_total` calls them.
/// Limits of commands are told by `parley_refusals_total`.
enum DoorLimit: String, CaseIterable, Sendable {
    /// All connections of the process.
    case connections
    /// Connections of one address.
    case connectionsPerAddress
    /// Handshakes of everybody in a second.
    case handshakes
    /// Handshakes of one address in a second.
    case handshakesPerAddress
    /// The time a TLS handshake or a PROXY header may take.
    case handshakeTime
    /// The time a request's head may take.
    case headerTime
    /// The time a whole request may take.
    case requestTime
    /// The time between requests.
    case idleTime
    /// The time a peer may take to read an answer.
    case answerTime
    /// The size of a request's head.
    case headerBytes
    /// The size of a request's body.
    case bodyBytes
    /// The size of a WebSocket message, as it was before compression.
    case messageBytes
    /// The time a WebSocket message may take from its first byte to its last.
    case messageTime
    /// What few compressed bytes of a session may grow to in a while.
    case inflatedBytes
    /// Commands of a session in a second.
    case messageRate
    /// Pings, pongs and empty frames of a session in a second.
    case controlRate
    /// What waits to be read by one session.
    case queueBytes
    /// What waits to be read by all sessions of a worker.
    case allQueuesBytes

    /// The limit that a refused request was beyond; nil where it was beyond none.
    init?(reachedBy error: HTTPError) {
        switch error {
        case .requestLineTooLong, .headerTooLarge, .tooManyFields: self = .headerBytes
        case .bodyTooLarge: self = .bodyBytes
        default: return nil
        }
    }
}
