import ChatProtocol
import DequeModule
import Time

/// Drafts that the archive has not settled, oldest first.
struct DraftBook {
    struct Entry {
        let draft: Draft
        /// Who waits for the outcome; nil once told `unavailable`. The publication is told to the room all
        /// the same.
        var asker: Asker?
        let since: Instant
    }

    private var entries: [UInt64: Entry] = [:]
    /// Tokens whose askers still wait, or waited, in the order of arrival.
    private var order: Deque<UInt64> = []
    private var lastToken: UInt64 = 0
    /// What the drafts that wait cost, by `Draft.cost`.
    private(set) var bytes = 0

    var count: Int { entries.count }
    var isEmpty: Bool { entries.isEmpty }

    mutating func nextToken() -> UInt64 {
        lastToken += 1
        return lastToken
    }

    mutating func add(_ draft: Draft, _ asker: Asker, at now: Instant) {
        entries[draft.token] = Entry(draft: draft, asker: asker, since: now)
        order.append(draft.token)
        bytes += draft.cost
    }

    mutating func remove(_ token: UInt64) -> Entry? {
        guard let entry = entries.removeValue(forKey: token) else { return nil }
        bytes -= entry.draft.cost
        return entry
    }

    /// When the oldest draft that somebody waits for began to wait.
    mutating func oldest() -> Instant? {
        while let first = order.first {
            if let entry = entries[first], entry.asker != nil { return entry.since }
            order.removeFirst()
        }
        return nil
    }

    /// Whoever waits since `limit` or longer, oldest first; asked again, the next.
    mutating func giveUpOldest(since limit: Instant) -> Asker? {
        guard let since = oldest(), since <= limit, let token = order.popFirst() else { return nil }
        let asker = entries[token]?.asker
        entries[token]?.asker = nil
        return asker
    }
}

extension Draft {
    /// What keeping it in memory costs, in bytes: the body and what a short one needs besides.
    var cost: Int { body.count + 256 }
}
