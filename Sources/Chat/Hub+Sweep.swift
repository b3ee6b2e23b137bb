import ChatProtocol
import Time

/// What the archive tells when news do not: its sweep, the comparison of heads, and how both stand in for a
/// broker that is bad.
extension Hub {
    /// How the broker is.
    struct BrokerHealth {
        var isWell: Bool
        var since: Instant
    }

    /// Comparisons of heads that are under way.
    struct Comparison {
        var underWay = 0
        /// Grows with each comparison that begins while no other is under way.
        var round = 0
        var isRetrySet = false
    }

    /// There is a broker, and it is known to be bad.
    var isBrokerBad: Bool { hasBroker && !brokerHealth.isWell }

    /// How long something missing waits for news to bring it.
    var gapPatience: Duration { isBrokerBad ? .zero : limits.gapPatience }

    /// How long a sweep's hint waits for news; without a broker only neighbours bring any.
    var sweepPatience: Duration { brokerHealth.isWell ? limits.sweepPatience : limits.gapPatience }

    // MARK: The sweep

    /// The archive's sweep saw these rooms move, whoever moved them.
    func moved(_ heads: [RoomHead]) {
        for head in heads {
            guard let room = rooms[head.room], room.kind == .stored else { continue }
            hear(StreamPosition(epoch: head.epoch, offset: head.head), in: room)
        }
    }

    func hear(_ head: StreamPosition, in room: Room) {
        switch room.sequence.hear(head: head) {
        case .contradicts: contradicted(room)
        case .held: followUp(room)
        case .accepted, .dropped: break
        }
    }

    /// What a hint made us read should have come by the broker: its subscription of this room may be gone.
    func foundLate(in room: Room) {
        guard brokerHealth.isWell else { return }
        statistics.late += 1
        if let last = room.renewedAt, now.instant - last < limits.renewInterval { return }
        room.renewedAt = now.instant
        effects.append(.renew(room.key))
    }

    // MARK: Comparing heads

    /// Once in a while every room is compared with the archive: what was lost in silence shows.
    func compareRegularly() {
        set(.compare, at: now.instant + limits.compareInterval)
        compareAll()
    }

    /// A room that opens or is paused takes part: its state may have been read before what this finds.
    func compareAll() { compare(roomList.filter { $0.kind == .stored }) }

    func compare(_ rooms: [Room]) {
        guard !rooms.isEmpty else { return }
        if comparison.underWay == 0 { comparison.round += 1 }
        comparison.underWay += 1
        // The answers to two comparisons may overtake each other: both are held against the first.
        for room in rooms where room.compareRound != comparison.round {
            room.compareRound = comparison.round
            room.comparedAt = room.sequence.seen
        }
        effects.append(.readHeads(rooms.map(\.key)))
    }

    func headsRead(_ result: Result<[RoomHead], ArchiveError>) {
        comparison.underWay = max(0, comparison.underWay - 1)
        guard case .success(let heads) = result else { return compareSoon() }
        for head in heads {
            guard let room = rooms[head.room], room.kind == .stored else { continue }
            if head.epoch == room.sequence.epoch, !room.sequence.isPaused {
                // Behind what was told already when it was asked: the archive was put back under us.
                guard head.head >= room.comparedAt else { contradicted(room); continue }
                room.sequence.learn(head: head.head)
                followUp(room)
            } else if let state = room.sequence.state, !room.sequence.isPaused,
                head.epoch.isEarlier(than: state)
            {
                // Older than what is known, or the archive went back: only its state says which.
                contradicted(room)
            } else {
                hear(StreamPosition(epoch: head.epoch, offset: head.head), in: room)
            }
        }
    }

    /// What a comparison that failed would have shown, nothing else may show for a minute.
    private func compareSoon() {
        guard !comparison.isRetrySet else { return }
        comparison.isRetrySet = true
        set(.compareAgain, at: now.instant + .seconds(1))
    }

    func compareAgain() {
        comparison.isRetrySet = false
        compareAll()
    }

    // MARK: A sick broker

    /// Bad: nothing waits for it. Well again: what was told meanwhile is asked for.
    func brokerTurned(isWell: Bool) {
        guard hasBroker else { return }
        brokerHealth = BrokerHealth(isWell: isWell, since: now.instant)
        guard isWell else {
            for room in roomList {
                readStateAtLast(of: room)
                followUp(room)
            }
            return
        }
        compareAll()
        for room in roomList where !room.subscriptions.isEmpty { askForRosters(of: room) }
    }
}
