import Time

/// How fast one session may ask. What it asks faster is refused, and told when there will be a token for it;
/// who goes on without heeding that is a flood.
///
/// Refused commands are counted as if they stood in a queue that is served at the rate: each is told the time
/// of its own turn, so that a client which obeys comes back spread out and is not refused again, however many
/// commands it had under way. A queue of more than a burst is a flood.
struct SessionPace {
    enum Verdict: Equatable {
        case passes
        case comesLater(retryAfterMs: Int)
        case floods
    }

    private var tokens = TokenBucket()
    private var refused = TokenBucket()

    /// Takes the tokens of one command; a cost above the burst takes all of it.
    mutating func take(_ cost: Int, of rate: TokenRate, at now: Instant) -> Verdict {
        let cost = min(cost, rate.burst)
        guard let wait = tokens.take(cost, of: rate, at: now) else { return .passes }
        let turn = wait + refused.timeToFill(at: now)
        guard refused.take(cost, of: rate, at: now) == nil else { return .floods }
        return .comesLater(retryAfterMs: Int(turn.inMilliseconds) + 1)
    }
}
