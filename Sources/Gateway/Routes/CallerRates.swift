import Chat
import Networking
import Time

/// How fast each REST caller may ask, on one worker: the same rate as a session's. Who asks faster is told
/// when there will be a token for it.
///
/// A bucket is kept only while it is not full, and of these at most `limit`: whoever comes beyond them shares
/// one bucket with the rest, so that a flood of callers costs bounded memory and holds up nobody known.
struct CallerRates {
    /// Whose calls are counted together.
    enum Caller: Hashable {
        case user(UserKey)
        /// Where nobody says who he is.
        case address(AddressGroup)

        /// The user where a token named one, else the address without its port, or the network of an IPv6
        /// address: one host may take any of its 2^64.
        init(_ caller: Chat.Caller?, at address: SocketAddress) {
            self =
                caller.map { .user(UserKey(tenant: $0.tenant, user: $0.user)) }
                ?? .address(AddressGroup(address))
        }
    }

    private let rate: TokenRate
    private let limit: Int
    private var buckets: [Caller: TokenBucket] = [:]
    private var others = TokenBucket()
    /// At so many buckets the full ones are forgotten.
    private var sweepCount = 256
    private var sweptAt = Instant(nanoseconds: 0)
    private static let sweepPause: Duration = .milliseconds(50)

    init(rate: TokenRate, limit: Int = 16_384) {
        self.rate = rate
        self.limit = limit
    }

    /// How many callers are remembered.
    var count: Int { buckets.count }

    /// Takes the tokens of one call; how long to wait, if they are not there.
    mutating func take(_ cost: Int, for caller: Caller, at now: Instant) -> Duration? {
        let cost = min(cost, rate.burst)
        if buckets[caller] == nil, buckets.count >= sweepCount, sweptAt + Self.sweepPause <= now {
            forgetFull(at: now)
        }
        guard buckets[caller] != nil || buckets.count < limit else {
            return others.take(cost, of: rate, at: now)
        }
        return buckets[caller, default: TokenBucket()].take(cost, of: rate, at: now)
    }

    /// Looks at each of them only after as many have come again, and not more often than in a while: a flood
    /// of callers must not make every call look at all.
    private mutating func forgetFull(at now: Instant) {
        sweptAt = now
        buckets = buckets.filter { $0.value.timeToFill(at: now) > .zero }
        sweepCount = max(256, min(2 * buckets.count, limit))
    }
}
