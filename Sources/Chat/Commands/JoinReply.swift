import ChatProtocol

/// The reply to `join` and `connect`: composed in one turn with going live, so that nothing can fall between.
extension Hub {
    func composeIfReady(_ group: JoinGroup) {
        guard group.isReady else { return }
        guard case .session(let key, _) = group.asker, let session = session(key) else {
            group.entries = []
            return
        }
        // A room's history may have changed while the group waited for another room.
        group.waiting = 1
        for entry in group.entries { judgeAgainIfStale(entry) }
        group.waiting -= 1
        guard group.isReady else { return }
        // What stands around the bodies counts too: short ones in many rooms would make a reply of any size.
        var bytes = limits.announced.queueBytes / 2
        let outcomes = group.entries.map { compose($0, session, bytes: &bytes) }
        group.entries = []
        if group.connect != nil {
            return finish(group.asker, isRead: true, .ok(connected(session, rooms: outcomes)))
        }
        switch outcomes[0] {
        case .joined(let joined): finish(group.asker, isRead: true, .ok(.joined(joined)))
        case .refused(_, let error): finish(group.asker, isRead: true, .error(error))
        }
    }

    private func judgeAgainIfStale(_ entry: JoinEntry) {
        guard entry.refusal == nil, let room = entry.room, room.kind == .stored else { return }
        if !room.isSettled { return wait(entry, forStateOf: room) }
        if entry.epoch != room.sequence.epoch { judge(entry) }
    }

    private func compose(_ entry: JoinEntry, _ session: Session, bytes: inout Int) -> Connected.RoomOutcome {
        let name = entry.request.room
        if let refusal = entry.refusal { return .refused(name, refusal) }
        guard let room = entry.room, room.subscription(of: session.key)?.serial == entry.serial else {
            return .refused(name, ErrorReply(.notJoined, "The session left this room, or joined it anew."))
        }
        guard room.kind == .stored else {
            enterLive(session, room, at: 0)
            let asked = entry.request.since != nil
            return .joined(Joined(room: name, kind: .ephemeral, recovered: !asked))
        }
        guard var recovery = entry.recovery, let epoch = room.sequence.epoch else {
            preconditionFailure("a stored room's join is judged before it is answered")
        }
        let seen = room.sequence.seen
        if !tellsPast(entry, session) { recovery.withhold(to: seen, isAsked: entry.request.since != nil) }
        let page =
            recovery.cursor == seen
            ? []
            : entry.request.since == nil
                ? tail(for: entry, in: room, bytes: &bytes)
                : page(for: entry, from: recovery.cursor, in: room, bytes: &bytes)
        let reached = entry.request.since == nil ? seen : page.last?.offset ?? recovery.cursor
        if reached == seen {
            enterLive(session, room, at: seen)
        } else {
            room.suspend(session.key, as: .paging)
        }
        statistics.deliveries += page.count
        statistics.recovered += page.count
        // Who is live at `seen` and has no page takes the head for its position: the pushes go on right after
        // it.
        return .joined(
            Joined(
                room: name, kind: .stored, epoch: epoch,
                head: reached == seen ? seen : max(seen, room.sequence.target),
                recovered: recovery.lost == nil, gap: recovery.lost, more: reached != seen, publications: page
            ))
    }

    /// What the archive gave, and then what memory has, within what one reply may carry.
    private func page(for entry: JoinEntry, from cursor: Offset, in room: Room, bytes: inout Int)
        -> [Publication]
    {
        guard bytes > 0 else { return [] }
        var budget = PageBudget(
            publications: limits.announced.pagePublications, bytes: min(bytes, limits.announced.pageBytes))
        var page: [Publication] = []
        for row in entry.rows where row.offset == (page.last?.offset ?? cursor) + 1 {
            guard budget.take(row) else { break }
            page.append(row)
        }
        if page.count == entry.rows.count || entry.rows.isEmpty {
            page += room.sequence.ring.page(after: page.last?.offset ?? cursor, budget: budget)
        }
        bytes -= page.reduce(0) { $0 + $1.cost }
        return page
    }

    /// Without a position the newest are wanted: what fits, ending where the room is.
    private func tail(for entry: JoinEntry, in room: Room, bytes: inout Int) -> [Publication] {
        guard bytes > 0, let wanted = entry.request.tail, wanted > 0 else { return [] }
        let sequence = room.sequence
        var budget = PageBudget(
            publications: min(wanted, limits.announced.pagePublications),
            bytes: min(bytes, limits.announced.pageBytes))
        var page: [Publication] = []
        var next = sequence.seen
        let first = entry.rows.first?.offset ?? next + 1
        while next > 0 {
            let row = next >= first && next - first < entry.rows.count ? entry.rows[Int(next - first)] : nil
            guard let publication = sequence.ring[next] ?? row, budget.take(publication) else { break }
            page.append(publication)
            next -= 1
        }
        bytes -= page.reduce(0) { $0 + $1.cost }
        return page.reversed()
    }

    /// The right may have been lost while the join waited; one that was gained counts from the next join on.
    private func tellsPast(_ entry: JoinEntry, _ session: Session) -> Bool {
        entry.tellsPast && session.caller.map { mayRead(entry.request.room, $0) } ?? false
    }

    private func enterLive(_ session: Session, _ room: Room, at seen: Offset) {
        if session.congestedSince == nil {
            room.goLive(session.key)
        } else {
            room.suspend(session.key, as: .behind(seen))
        }
    }
}
