import ChatProtocol
import Time

/// How publications and news reach the sessions of this worker.
extension Hub {
    /// A stored publication is here, by whichever way: our commit, a neighbour, the broker, or the archive.
    func arrive(_ publication: Publication, in room: Room) {
        guard room.kind == .stored else { return }
        receive(publication, in: room)
        account(for: room)
        followUp(room)
    }

    /// A page from the archive: what is new goes on, what is old fills the memory of the room.
    func take(_ page: [Publication], in room: Room) {
        for publication in page where publication.offset > room.sequence.seen {
            receive(publication, in: room)
        }
        room.sequence.remember(page)
        account(for: room)
        followUp(room)
    }

    private func receive(_ publication: Publication, in room: Room) {
        var accepted: [Publication] = []
        let verdict = room.sequence.receive(publication, accepted: &accepted)
        for publication in accepted { deliver(publication, in: room) }
        if verdict == .contradicts { contradicted(room) }
    }

    /// Hands a publication to everyone who is live in the room, encoded once.
    func deliver(_ publication: Publication, in room: Room) {
        guard !room.live.isEmpty else { return }
        statistics.deliveries += room.live.count
        if publication.position == nil { statistics.ephemeralDeliveries += room.live.count }
        effects.append(.fanout(.publication(publication, announcesEpoch: room.announcesEpoch), room.live))
        room.announcesEpoch = false
    }

    /// Another hub tells something.
    func heard(_ news: News) {
        guard news.origin != origin, let room = rooms[news.room] else { return }
        switch news.content {
        case .publication(let publication):
            if publication.position != nil {
                arrive(publication, in: room)
            } else if room.kind == .ephemeral {
                deliver(publication, in: room)
            }
        case .typing(let member, let isOn):
            tellTyping(member, isOn: isOn, in: room)
        case .roster(let previous, let number, let change):
            let isWhole = room.roster.apply(
                change, from: news.origin, previous: previous, number: number, at: now.instant,
                graceUntil: graceEnd)
            if !isWhole { askForRosters(of: room) }
            rosterChanged(in: room)
        case .rosterRequest:
            let content = News.Content.rosterSnapshot(
                number: room.roster.number, members: room.roster.ownMembers())
            effects.append(.broadcast(News(origin: origin, room: room.key, content: content)))
        case .rosterSnapshot(let number, let members):
            room.roster.replacePart(
                of: news.origin, by: members, number: number, at: now.instant, graceUntil: graceEnd)
            rosterChanged(in: room)
        }
    }

    private var graceEnd: Instant { now.instant + limits.rosterGrace }

    // MARK: Roster

    /// Everyone else is to tell their part.
    func askForRosters(of room: Room) {
        effects.append(.broadcast(News(origin: origin, room: room.key, content: .rosterRequest)))
    }

    /// Changes are collected for a moment: a thousand arrivals are one push, not a thousand.
    func rosterChanged(in room: Room) {
        if room.roster.hasChanges, !room.isRosterTimerSet {
            room.isRosterTimerSet = true
            set(.rosterBatch(room), at: now.instant + limits.rosterBatch)
        }
        if let next = room.roster.nextDeparture, !room.isGraceTimerSet {
            room.isGraceTimerSet = true
            set(.rosterGrace(room), at: next)
        }
    }

    func tellRoster(of room: Room) {
        room.isRosterTimerSet = false
        guard isKnown(room) else { return }
        if let news = room.roster.takeNews(counter: &rosterCounter) {
            let content = News.Content.roster(
                previous: news.previous, number: news.number, change: news.change)
            effects.append(.broadcast(News(origin: origin, room: room.key, content: content)))
        }
        guard let change = room.roster.takeChange(of: room.name) else { return }
        let audience = room.audience(for: .presence)
        if !audience.isEmpty { effects.append(.fanout(.presence(change), audience)) }
    }

    /// Rosters repeat how far they are, so that what was lost in silence shows, and a hub that is gone is
    /// missed.
    func repeatRosters() {
        set(.rosters, at: now.instant + limits.rosterInterval)
        let limit = now.instant - limits.rosterInterval * 3
        // Who is not heard because the broker is bad, or was a moment ago, is not gone.
        let canMiss = brokerHealth.isWell && brokerHealth.since <= limit
        for room in roomList {
            // Where nobody of ours is left, our silence says so too.
            if room.roster.isTold, !room.subscriptions.isEmpty {
                let number = room.roster.number
                let content = News.Content.roster(previous: number, number: number, change: RosterNews())
                effects.append(.broadcast(News(origin: origin, room: room.key, content: content)))
            }
            guard canMiss, room.roster.hasParts else { continue }
            room.roster.dropParts(silentSince: limit, graceUntil: graceEnd)
            rosterChanged(in: room)
        }
    }

    func endGraces(in room: Room) {
        room.isGraceTimerSet = false
        guard isKnown(room) else { return }
        room.roster.expire(at: now.instant)
        rosterChanged(in: room)
    }
}
