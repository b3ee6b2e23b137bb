internal import COpenSSL
import Glibc
import Networking

/// The keys of session tickets (RFC 5077, RFC 8446 §4.6.1): shared by all workers of a process, kept when
/// certificates are read again, and new every hour.
///
/// Who steals a key reads what was said under its tickets in TLS 1.2, so none lives longer than its tickets.
package final class TLSTicketKeys: Sendable {
    /// One key, under the name that its tickets bear.
    struct Key: Sendable, Equatable {
        let name: [UInt8]
        let cipher: [UInt8]
        let authenticator: [UInt8]
        /// Seconds of the monotonic clock.
        let bornAt: Int
    }

    /// How long a ticket is good for, in seconds.
    static let ticketSeconds = 2 * 3_600
    /// A key makes tickets for so long.
    static let keySeconds = 3_600
    static let nameBytes = 16
    static let keyBytes = 32

    private let keys = Lock<[Key]>([])

    /// Keys that nobody else knows.
    package init() {}

    /// The key for new tickets at that time.
    func newest(at now: Int) -> Key { keys.withLock { Self.newest(of: &$0, at: now) } }

    /// The key of that name, and whether a newer one is in use; nil for one that is not ours, or too old.
    func key(named name: [UInt8], at now: Int) -> (key: Key, isNewest: Bool)? {
        keys.withLock { keys in
            Self.forgetOld(&keys, at: now)
            guard let place = keys.firstIndex(where: { $0.name == name }) else { return nil }
            return (keys[place], place == 0 && now - keys[place].bornAt < Self.keySeconds)
        }
    }

    private static func newest(of keys: inout [Key], at now: Int) -> Key {
        forgetOld(&keys, at: now)
        if let key = keys.first, now - key.bornAt < keySeconds { return key }
        let key = Key(
            name: randomBytes(nameBytes), cipher: randomBytes(keyBytes), authenticator: randomBytes(keyBytes),
            bornAt: now)
        keys.insert(key, at: 0)
        return key
    }

    private static func forgetOld(_ keys: inout [Key], at now: Int) {
        keys.removeAll { now - $0.bornAt >= keySeconds + ticketSeconds }
    }

    private static func randomBytes(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        precondition(RAND_priv_bytes(&bytes, Int32(count)) == 1, "OpenSSL has no randomness")
        return bytes
    }

    /// Seconds of the monotonic clock.
    static func now() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec
    }
}
