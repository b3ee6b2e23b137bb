import ChatProtocol
import Time

/// How a room opens on this worker, keeps up with the archive, and closes.
extension Hub {
    /// The room, opened now if it was not: first the broker, then the archive.
    func openRoom(_ key: RoomKey) -> Room {
        if let room = rooms[key] { return room }
        let room = Room(key: key, kind: rules.kind(of: key.name), limits: limits)
        rooms[key] = room
        room.place = roomList.count
        roomList.append(room)
        effects.append(.subscribe(key))
        guard room.kind == .stored else { return room }
        if isBrokerBad {
            askForRosters(of: room)
            readState(of: room)
        } else {
            set(.subscribePatience(room), at: now.instant + limits.subscribePatience)
        }
        return room
    }

    func isKnown(_ room: Room) -> Bool { rooms[room.key] === room }

    func subscribed(_ key: RoomKey) {
        guard let room = rooms[key], !room.isSubscribed else { return }
        room.isSubscribed = true
        let wasRead = room.sequence.state != nil || room.isReadingState
        askForRosters(of: room)
        readStateAtLast(of: room)
        // The room did not wait for this: what was told since its state was asked for is not known here.
        if wasRead { compare([room]) }
    }

    /// The broker confirmed, or was waited for long enough.
    func readStateAtLast(of room: Room) {
        guard isKnown(room), room.kind == .stored, room.sequence.state == nil else { return }
        readState(of: room)
    }

    func readState(of room: Room) {
        guard !room.isReadingState else { return }
        room.isReadingState = true
        room.isReadAfterPause = room.sequence.isPaused
        effects.append(.openRoom(room.key, tail: limits.openTail, tailBytes: limits.ringBytes / 2))
    }

    func roomOpened(_ key: RoomKey, _ result: Result<ArchivePage, ArchiveError>) {
        guard let room = rooms[key], room.isReadingState else { return }
        room.isReadingState = false
        var waiting = room.waiting
        room.waiting = []
        guard case .success(let page) = result, !wentBack(room, page.state) else {
            for entry in waiting { fail(entry, unreadable) }
            if room.sequence.state == nil { room.hasFailedToOpen = true } else { retryLater(room) }
            return
        }
        room.gapFailures = 0
        room.hasFailedToOpen = false
        if room.sequence.state == nil {
            var accepted: [Publication] = []
            room.sequence.open(page, accepted: &accepted)
            for publication in accepted { deliver(publication, in: room) }
        } else {
            refresh(room, page)
        }
        account(for: room)
        if let head = room.sequence.takeEarlyHead() { hear(head, in: room) }
        followUp(room)
        if room.isReadingState {
            room.waiting += waiting
            return
        }
        waiting += room.waiting
        room.waiting = []
        for entry in waiting {
            judge(entry)
            release(entry)
        }
    }

    /// A state read again: either it goes on where the room is, or a part of what was told is void.
    private func refresh(_ room: Room, _ page: ArchivePage) {
        guard room.sequence.isPaused else {
            guard page.state.epoch == room.sequence.epoch else { return contradicted(room) }
            return room.sequence.learn(head: page.state.head)
        }
        // This state may be older than what was told before the pause.
        guard room.isReadAfterPause else { return readState(of: room) }
        statistics.resyncs += 1
        let isNewEpoch = page.state.epoch != room.sequence.epoch
        room.announcesEpoch = room.announcesEpoch || isNewEpoch
        let seen = room.sequence.seen
        var accepted: [Publication] = []
        let cut = room.sequence.resync(page, accepted: &accepted)
        // What was told is not there, and no new generation says so to those who are elsewhere.
        if cut != nil, !isNewEpoch { beginGeneration(after: page.state.generation) }
        room.comparedAt = min(room.comparedAt, cut ?? seen)
        if isNewEpoch || cut != nil {
            tellReset(of: room, to: page.state.epoch, after: cut ?? seen, isVoidAbove: cut != nil)
        }
        // Positions that waited for the room to come as far may be void now: they are judged again.
        room.waiting += room.ahead
        room.ahead = []
        for publication in accepted { deliver(publication, in: room) }
    }

    private func tellReset(of room: Room, to epoch: Epoch, after cut: Offset, isVoidAbove: Bool) {
        for subscription in room.subscriptions {
            switch subscription.state {
            case .joining, .paging: continue
            case .live where !isVoidAbove: continue
            case .live: break
            case .behind(let last) where last > cut: room.suspend(subscription.session, as: .behind(cut))
            // Nothing it was told is void, but the publication that names the epoch is not told to it.
            case .behind: break
            }
            effects.append(.push(subscription.session, .reset(room: room.name, epoch: epoch, after: cut)))
        }
    }

    /// News does not fit what is known here: the room waits until the archive has decided.
    func contradicted(_ room: Room) {
        guard !room.sequence.isPaused else { return }
        room.sequence.pause()
        accountHeld(of: room)
        readState(of: room)
    }

    // MARK: Gaps

    /// After anything arrived: whoever waited for it goes on, and what is missing is asked for soon.
    func followUp(_ room: Room) {
        guard room.kind == .stored, room.isOpen else { return }
        if !room.ahead.isEmpty {
            let seen = room.sequence.seen
            let ready = room.ahead.filter { $0.recovery.map { $0.cursor <= seen } ?? true }
            if !ready.isEmpty {
                room.ahead.removeAll { entry in ready.contains { $0 === entry } }
                for entry in ready { release(entry) }
            }
        }
        guard room.sequence.isBehind else { return noteHealed(room) }
        guard room.gapRead == nil else { return }
        if room.sequence.isMissing { noteGap(in: room) }
        let due = now.instant + (room.sequence.isMissing ? gapPatience : sweepPatience)
        if let known = room.gapDue, known <= due || room.gapFailures > 0 { return }
        lookForGap(in: room, at: due)
    }

    private func lookForGap(in room: Room, at due: Instant) {
        room.gapDue = due
        set(.gap(room), at: due)
    }

    private func noteGap(in room: Room) {
        guard !room.isInGap else { return }
        room.isInGap = true
        statistics.gaps += 1
    }

    private func noteHealed(_ room: Room) {
        guard room.isInGap, !room.sequence.isPaused else { return }
        room.isInGap = false
        statistics.gapsHealed += 1
    }

    func checkGap(in room: Room) {
        // An earlier time may have been set after this one, and a later one after that.
        guard isKnown(room), room.isOpen, let due = room.gapDue, due <= now.instant else { return }
        room.gapDue = nil
        if room.sequence.isPaused { return readState(of: room) }
        guard room.sequence.isBehind, room.gapRead == nil else { return }
        noteGap(in: room)
        let isHinted = !room.sequence.isMissing
        room.gapRead = read(
            .gap(room, expected: room.sequence.goal, isHinted: isHinted), room.key,
            .after(room.sequence.seen), limit: limits.announced.pagePublications)
    }

    func gapRead(
        _ room: Room, expected: Offset, isHinted: Bool, _ result: Result<ArchivePage, ArchiveError>
    ) {
        room.gapRead = nil
        guard isKnown(room), room.isOpen else { return }
        guard case .success(let page) = result else { return retryLater(room) }
        guard page.state.epoch == room.sequence.epoch else { return contradicted(room) }
        let before = room.sequence.seen
        var accepted: [Publication] = []
        if let missed = room.sequence.trim(to: page.state.first, accepted: &accepted), !room.live.isEmpty {
            statistics.skips += 1
            effects.append(.fanout(.skip(room: room.name, range: missed), room.live))
        }
        for publication in accepted { deliver(publication, in: room) }
        take(page.publications, in: room)
        // The hint is a fact now: what the page had no place for waits no longer than any gap.
        room.sequence.learn(head: min(page.state.head, expected))
        if isHinted, room.sequence.seen > before { foundLate(in: room) }
        // A publication is told after its commit, so the archive must know it: this one was forged, or the
        // archive is no longer what it was.
        if page.state.head < expected { contradicted(room) }
        if room.sequence.seen == before, room.sequence.isBehind {
            // The archive has a hole: a room never steps over one, and does not ask for it without end.
            retryLater(room)
        } else {
            room.gapFailures = 0
        }
        followUp(room)
    }

    /// The archive failed: again after 50 ms … 2 s. Members keep what they have.
    private func retryLater(_ room: Room) {
        room.gapFailures += 1
        guard room.gapDue == nil else { return }
        lookForGap(in: room, at: now.instant + .milliseconds(min(2_000, 25 << min(room.gapFailures, 7))))
    }

    // MARK: The end

    func closeIfEmpty(_ room: Room) {
        guard isKnown(room), let since = room.emptySince, room.subscriptions.isEmpty else { return }
        let due = since + limits.roomLinger
        guard due <= now.instant else { return }
        // A read under way would be taken for the next opening's.
        guard !room.isReadingState, room.waiting.isEmpty, room.gapRead == nil, room.pageWaiters.isEmpty,
            room.ahead.isEmpty, !room.roster.hasChanges
        else { return set(.linger(room), at: now.instant + .seconds(1)) }
        rooms[room.key] = nil
        ringBytes.bytes -= room.countedRingBytes
        heldCost -= room.countedHeldCost
        let last = roomList.removeLast()
        if last !== room {
            roomList[room.place] = last
            last.place = room.place
        }
        effects.append(.unsubscribe(room.key))
    }
}
