import ChatProtocol
import Time

/// How much a session may ask in a while.
extension Hub {
    /// Whether the session may have this done now. If not, it is refused before anything was done about it,
    /// so that the same command later is not a repeat of anything.
    func mayAsk(_ command: Command?, _ session: Session, _ asker: Asker) -> Bool {
        switch session.pace.take(command?.cost ?? 1, of: pace, at: now.instant) {
        case .passes: return true
        case .comesLater(let retryAfterMs):
            // Nobody waits for an answer to pong.
            if case .pong? = command { return false }
            refuse(asker, ErrorReply(.rateLimited, retryAfterMs: retryAfterMs))
        case .floods: disconnect(session.key, Disconnect(.flooding, afterMs: floodPause))
        }
        return false
    }

    /// Who was a flood comes back when its tokens would be there again: 1 to 60 seconds.
    private var floodPause: Int { Int(min(max(pace.fillTime.inMilliseconds, 1_000), 60_000)) }
}

extension Command {
    /// How many of a session's tokens it takes. What reads more than one line of an answer costs more, and
    /// `connect` joins rooms.
    var cost: Int {
        switch self {
        case .history, .presence, .rooms: Self.readCost
        case .connect(let connect): 1 + connect.rooms.count
        case .join, .leave, .publish, .typing, .refresh, .ping, .pong: 1
        }
    }

    /// What a page of the past, a roster or a list of rooms costs.
    package static var readCost: Int { 5 }
}
