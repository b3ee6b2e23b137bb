import Networking
import Time

/// What a connection holds while it is in: it is counted until this is let go of.
final class Pass {
    private let turnstile: Turnstile
    /// Among whose connections it is counted; nil where nobody's are limited, or it is not known yet.
    private(set) var group: AddressGroup?

    /// Of a connection that `turnstile` let in as one of `group`.
    init(_ turnstile: Turnstile, _ group: AddressGroup?) {
        self.turnstile = turnstile
        self.group = group
    }

    deinit { turnstile.leave(group) }

    /// It is known now whose it is, if it was not before.
    func join(_ group: AddressGroup?, at now: Instant) -> DoorRefusal? {
        guard let group, self.group == nil else { return nil }
        if let refusal = turnstile.join(group, at: now) { return refusal }
        self.group = group
        return nil
    }

    /// It wants to become a WebSocket of `group`; a trial only tells what would be.
    func handshake(of group: AddressGroup?, isTrial: Bool, at now: Instant) -> DoorRefusal? {
        let isJoining = self.group == nil
        let refusal = turnstile.handshake(of: group, isJoining: isJoining, isTrial: isTrial, at: now)
        if refusal == nil, !isTrial, isJoining { self.group = group }
        return refusal
    }
}
