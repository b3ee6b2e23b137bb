import ChatProtocol

/// `join`, alone or as part of `connect`: attach first, then read, then let live publications through, so
/// that nothing falls between.
extension Hub {
    func join(_ join: Join, _ session: Session, _ asker: Asker) {
        guard hasID(asker) else { return refuse(asker, .needsID("join")) }
        guard begin(asker, isRead: true) else { return }
        let group = JoinGroup(asker: asker, connect: nil)
        group.entries = [JoinEntry(group: group, request: join, session: session.key)]
        start(group, session)
    }

    func start(_ group: JoinGroup, _ session: Session) {
        group.waiting = 1
        for entry in group.entries { enter(entry, session) }
        group.waiting -= 1
        composeIfReady(group)
    }

    /// Subscribes the session; from here on the room's publications are not missed, only not told yet.
    private func enter(_ entry: JoinEntry, _ session: Session) {
        guard let caller = session.caller else { preconditionFailure("only connected sessions join") }
        let name = entry.request.room
        if let refusal = refusal(of: "join", needing: .join, in: name, for: caller) {
            entry.refusal = refusal
            return
        }
        let key = RoomKey(tenant: caller.tenant, name: name)
        let isIn = rooms[key].map { session.isIn($0) } ?? false
        guard isIn || session.rooms.count < limits.announced.roomsPerSession else {
            entry.refusal = ErrorReply(.tooManyRooms)
            return
        }
        let room = openRoom(key)
        lastSerial += 1
        entry.serial = lastSerial
        entry.room = room
        entry.tellsPast = mayRead(name, caller)
        room.emptySince = nil
        room.add(
            Subscription(
                session: session.key, user: caller.user, serial: entry.serial, wanted: entry.request.events,
                events: allowed(entry.request.events, in: name, caller)))
        if !isIn {
            session.rooms.append(room)
            room.roster.arrive(Member(user: caller.user, name: caller.name))
            rosterChanged(in: room)
            if room.kind == .stored {
                effects.append(
                    .remember(UserKey(tenant: caller.tenant, user: caller.user), in: name, joined: true))
            }
        }
        guard room.kind == .stored else { return }
        if room.isSettled { judge(entry) } else { wait(entry, forStateOf: room) }
    }

    func wait(_ entry: JoinEntry, forStateOf room: Room) {
        entry.group.waiting += 1
        room.waiting.append(entry)
        if room.hasFailedToOpen { readState(of: room) }
    }

    /// Decides from which offset on the session is to be served, and asks the archive where memory is not
    /// enough.
    func judge(_ entry: JoinEntry) {
        guard let room = entry.room, var state = room.sequence.state else { return }
        let seen = room.sequence.seen
        state.head = max(seen, room.sequence.target)
        entry.epoch = state.epoch
        entry.rows = []
        if let since = entry.request.since {
            // Only the archive can say whether what is unknown here exists: another worker may be ahead.
            let isUnknown = since.offset > seen || since.epoch.isLater(than: state)
            if isUnknown, !entry.isStateFresh {
                entry.isStateFresh = true
                readState(of: room)
                return wait(entry, forStateOf: room)
            }
            entry.recovery = Recovery(since: since, in: state)
        } else {
            let tail = min(entry.request.tail ?? 0, limits.announced.pagePublications)
            entry.recovery = Recovery(tail: tail, seen: seen, first: state.first)
        }
        place(entry, in: room)
    }

    private func place(_ entry: JoinEntry, in room: Room) {
        guard let cursor = entry.recovery?.cursor else { return }
        let sequence = room.sequence
        if cursor > sequence.seen {
            entry.group.waiting += 1
            room.ahead.append(entry)
            return followUp(room)
        }
        // Who may not read the past is told none of it, so nothing has to be read.
        guard entry.tellsPast, !sequence.ring.covers(after: cursor, seen: sequence.seen) else { return }
        entry.group.waiting += 1
        room.pageWaiters[cursor, default: []].append(entry)
        // One read serves everyone who wants this page.
        guard room.pageWaiters[cursor]!.count == 1 else { return }
        read(
            .joins(room, after: cursor), room.key, .after(cursor), limit: limits.announced.pagePublications)
    }

    /// The page that joins wait for.
    func joinsRead(_ room: Room, after cursor: Offset, _ result: Result<ArchivePage, ArchiveError>) {
        let entries = room.pageWaiters.removeValue(forKey: cursor) ?? []
        switch result {
        case .failure:
            for entry in entries { fail(entry, unreadable) }
        case .success(let page):
            guard page.state.epoch == room.sequence.epoch else {
                room.waiting += entries
                return contradicted(room)
            }
            take(page.publications, in: room)
            for entry in entries {
                // Who presented no position has lost nothing.
                if entry.request.since != nil { entry.recovery?.trim(to: page.state.first) }
                entry.rows = page.publications
                release(entry)
            }
        }
    }

    /// The entry waits no longer.
    func release(_ entry: JoinEntry) {
        entry.group.waiting -= 1
        composeIfReady(entry.group)
    }

    /// The archive did not answer: the session is not in the room.
    func fail(_ entry: JoinEntry, _ error: ErrorReply) {
        entry.refusal = error
        if let room = entry.room, let session = session(entry.session),
            room.subscription(of: entry.session)?.serial == entry.serial
        {
            unsubscribe(session, from: room, isLeft: true)
        }
        release(entry)
    }
}

extension JoinGroup {
    /// Whether the reply can be composed.
    var isReady: Bool { waiting == 0 }
}

extension Epoch {
    /// A generation, or a room's second life, that this state does not know of yet.
    func isLater(than state: RoomState) -> Bool {
        parts.map { ($0.generation, $0.room) > (state.generation, state.id) } ?? false
    }

    /// A generation, or a life of the room, that was over when this state was read.
    func isEarlier(than state: RoomState) -> Bool {
        parts.map { ($0.generation, $0.room) < (state.generation, state.id) } ?? false
    }
}
