import ChatProtocol
import Time

/// One client's stay on this worker.
final class Session {
    let key: SessionKey
    let seed: SessionSeed
    /// Who it is; nil until `connect`.
    var caller: Caller?
    /// The token that is being checked.
    var verification: Verification?
    /// How many tokens were refused before one was accepted.
    var refusedTokens = 0
    var tokenLife: TokenLife?
    /// When its expiry is looked at next.
    var expiryTimer: Instant?
    /// The rooms it is in, in the order of joining.
    var rooms: [Room] = []
    /// Commands under way, and how many of them read the archive.
    var outstanding = 0
    var outstandingReads = 0
    /// What it may still ask.
    var pace = SessionPace()
    var heartbeat = Connect.Heartbeat.message
    /// When the last sign of life came.
    var heardAt: Instant
    /// When it was asked for one and has not answered since.
    var askedAt: Instant?
    /// Since when too much waits to be read by it.
    var congestedSince: Instant?

    init(key: SessionKey, seed: SessionSeed, at now: Instant) {
        self.key = key
        self.seed = seed
        heardAt = now
    }

    func isIn(_ room: Room) -> Bool { rooms.contains { $0 === room } }
}

/// Who waits for an answer: a session's command, or a REST call.
enum Asker: Sendable {
    case session(SessionKey, CommandID?)
    case request(RequestID)
}
