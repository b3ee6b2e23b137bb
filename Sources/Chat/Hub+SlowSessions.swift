import ChatProtocol
import Time

/// What happens to a session that reads more slowly than its rooms talk: it loses ephemeral pushes, then
/// stored publications are replaced by a range it can fetch, and only then is it closed.
extension Hub {
    func congested(_ key: SessionKey) {
        guard let session = session(key), session.congestedSince == nil else { return }
        session.congestedSince = now.instant
        for room in session.rooms {
            guard case .live = room.subscription(of: key)?.state else { continue }
            // All the room has told until now is in the session's queue.
            room.suspend(key, as: .behind(room.sequence.seen))
        }
        set(.slow(key), at: now.instant + limits.slowTimeout)
    }

    /// It has read most of its queue: what the rooms still have in memory follows, the rest is a range to
    /// fetch.
    func relieved(_ key: SessionKey) {
        guard let session = session(key), session.congestedSince != nil else { return }
        session.congestedSince = nil
        var budget = PageBudget(
            publications: limits.announced.pagePublications, bytes: limits.announced.queueBytes / 2)
        for room in session.rooms {
            guard case .behind(let last) = room.subscription(of: key)?.state else { continue }
            if room.kind == .stored { catchUp(key, in: room, after: last, budget: &budget) }
            room.goLive(key)
        }
    }

    private func catchUp(_ key: SessionKey, in room: Room, after last: Offset, budget: inout PageBudget) {
        let seen = room.sequence.seen
        guard last < seen else { return }
        if room.sequence.ring.covers(after: last, seen: seen) {
            let page = room.sequence.ring.page(after: last, budget: budget)
            if page.last?.offset == seen {
                for publication in page {
                    _ = budget.take(publication)
                    effects.append(.push(key, .publication(publication, announcesEpoch: false)))
                }
                statistics.deliveries += page.count
                statistics.recovered += page.count
                return
            }
        }
        statistics.skips += 1
        effects.append(.push(key, .skip(room: room.name, range: (last + 1)...seen)))
    }

    func checkSlow(_ key: SessionKey) {
        guard let session = session(key), let since = session.congestedSince else { return }
        guard since + limits.slowTimeout <= now.instant else { return }
        disconnect(key, Disconnect(.slow))
    }
}
