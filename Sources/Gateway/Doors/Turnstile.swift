import DequeModule
import Networking
import Time

/// Counts who is in and how fast they come, for the whole process: all workers share it. It is behind a lock
/// and asked when a connection comes, goes, or becomes a WebSocket, never for a message
/// (docs/decisions/0013-limits-are-per-process.md).
///
/// What it remembers is bounded: addresses with connections by their number, those without by `memory`.
final class Turnstile: Sendable {
    /// So many addresses without a connection are remembered until their buckets are full again. Beyond that
    /// the oldest are forgiven.
    static let memory = 65_536
    /// A refusal is news again after so long.
    fileprivate static let newsInterval = Duration.seconds(60)
    fileprivate static let sweepsPerCall = 4

    fileprivate struct Visitor {
        var connections = 0
        var bucket = TokenBucket()
        /// Waits in `fading`.
        var isFading = false
    }

    fileprivate struct State {
        var connections = 0
        var bucket = TokenBucket()
        var visitors: [AddressGroup: Visitor] = [:]
        /// Those without connections, and some that have some again.
        var fading: Deque<AddressGroup> = []
        var refusals = 0
        var lastNews: [DoorLimit: Instant] = [:]
    }

    /// How many connections the process takes.
    let capacity: Int
    private let perAddress: Int
    /// Nil where there is no limit.
    private let everybody: TokenRate?
    private let everyAddress: TokenRate?
    private let state = Lock(State())

    /// Of the limits in force; `capacity` is what they and the descriptors leave.
    init(_ limits: DoorLimits, capacity: Int) {
        self.capacity = capacity
        perAddress = limits.connectionsPerAddress == 0 ? .max : limits.connectionsPerAddress
        everybody = Self.rate(limits.handshakesPerSecond, burst: limits.handshakeBurst)
        everyAddress = Self.rate(limits.handshakesPerAddress, burst: limits.handshakeAddressBurst)
    }

    private static func rate(_ perSecond: Int, burst: Int) -> TokenRate? {
        perSecond == 0 ? nil : TokenRate(perSecond: perSecond, burst: burst)
    }

    /// A connection came, of `group` if it is known whose: it is counted, or refused.
    func enter(_ group: AddressGroup?, at now: Instant) -> DoorRefusal? {
        state.withLock { state in
            guard state.connections < capacity else { return state.refuse(.connections, at: now) }
            if let group {
                guard state.join(group, upTo: perAddress) else {
                    return state.refuse(.connectionsPerAddress, at: now)
                }
            }
            state.connections += 1
            state.sweep(at: now)
            return nil
        }
    }

    /// It is known now whose a connection is that was let in before: it is counted there, or refused.
    func join(_ group: AddressGroup, at now: Instant) -> DoorRefusal? {
        state.withLock { state in
            state.join(group, upTo: perAddress) ? nil : state.refuse(.connectionsPerAddress, at: now)
        }
    }

    /// The connection is gone.
    func leave(_ group: AddressGroup?) {
        state.withLock { state in
            state.connections -= 1
            if let group { state.leave(group) }
        }
    }

    /// A connection wants to become a WebSocket: it is counted, or refused. `isJoining` counts it among those
    /// of `group` as well. A trial only tells what would be.
    func handshake(
        of group: AddressGroup?, isJoining: Bool, isTrial: Bool, at now: Instant
    ) -> DoorRefusal? {
        state.withLock { state in
            state.sweep(at: now)
            let visitor = group.flatMap { state.visitors[$0] } ?? Visitor()
            if group != nil {
                if isJoining, visitor.connections >= perAddress {
                    return state.refuse(.connectionsPerAddress, at: now)
                }
                if let wait = everyAddress.flatMap({ visitor.bucket.wait(of: $0, at: now) }) {
                    return state.refuse(.handshakesPerAddress, at: now, after: wait)
                }
            }
            if let wait = everybody.flatMap({ state.bucket.wait(of: $0, at: now) }) {
                return state.refuse(.handshakes, at: now, after: wait)
            }
            if isTrial { return nil }
            if let everybody { _ = state.bucket.take(of: everybody, at: now) }
            if let group {
                if isJoining { _ = state.join(group, upTo: perAddress) }
                if let everyAddress { _ = state.visitors[group]?.bucket.take(of: everyAddress, at: now) }
            }
            return nil
        }
    }

    /// A connection was closed for want of a descriptor: when to come back, and whether that is news.
    func outOfDescriptors(at now: Instant) -> DoorRefusal {
        state.withLock { $0.refuse(.connections, at: now) }
    }

    /// How many addresses are remembered.
    var remembered: Int { state.withLock { $0.visitors.count } }

    /// How many connections are counted.
    var connections: Int { state.withLock { $0.connections } }
}

extension Turnstile.State {
    /// Counts a connection of `group` unless it has `limit` already.
    fileprivate mutating func join(_ group: AddressGroup, upTo limit: Int) -> Bool {
        guard visitors[group]?.connections ?? 0 < limit else { return false }
        visitors[group, default: Turnstile.Visitor()].connections += 1
        return true
    }

    fileprivate mutating func leave(_ group: AddressGroup) {
        guard var visitor = visitors[group] else { return }
        visitor.connections -= 1
        if visitor.connections == 0, !visitor.isFading {
            if visitor.bucket == TokenBucket() {
                visitors[group] = nil
                return
            }
            visitor.isFading = true
            fading.append(group)
        }
        visitors[group] = visitor
        if fading.count > Turnstile.memory { forgetFirst(at: nil) }
    }

    /// Forgets some of those who have long been gone.
    fileprivate mutating func sweep(at now: Instant) {
        for _ in 0..<min(Turnstile.sweepsPerCall, fading.count) { forgetFirst(at: now) }
    }

    /// Forgets the first that fades if it is time, or whatever the time.
    private mutating func forgetFirst(at now: Instant?) {
        let group = fading.removeFirst()
        guard let visitor = visitors[group] else { return }
        if visitor.connections > 0 {
            visitors[group]?.isFading = false
        } else if let now, visitor.bucket.timeToFill(at: now) > .zero {
            fading.append(group)
        } else {
            visitors[group] = nil
        }
    }

    fileprivate mutating func refuse(
        _ limit: DoorLimit, at now: Instant, after wait: Duration = .zero
    ) -> DoorRefusal {
        refusals &+= 1
        let isNews = lastNews[limit].map { now - $0 >= Turnstile.newsInterval } ?? true
        if isNews { lastNews[limit] = now }
        let seconds = Int((wait.inMilliseconds + 999) / 1_000)
        return DoorRefusal(
            limit: limit, retryAfterSeconds: max(seconds, 1) + refusals % 5, isNews: isNews)
    }
}
