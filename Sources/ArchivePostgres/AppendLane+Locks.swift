import Chat
import ChatProtocol
import DequeModule

// A lock was not free in time. Who keeps it is asked: somebody who bars all appends is everybody's trouble,
// somebody who keeps rooms only theirs.
extension AppendLane {
    /// Finds out who keeps the lock that the first piece, or a probe, waited for in vain.
    func locked() {
        guard let connection = link.connection else { return }
        ask(connection, [(LockQueries.locks, [])]) { [self] answers in
            silence()
            if let sentence = TableLock.sentence(barring: TableLock.all(answers[0])) {
                return barred(sentence)
            }
            guard !pieces.isEmpty else { return barred(TableLock.unknown) }
            if isMakingRooms { return giveUpNewRooms() }
            // Seen free, and not free again: no room keeps us.
            unexplained += 1
            if unexplained > 1 { inTrouble(TableLock.unknown) }
            suspects.formUnion(pieces[0].rooms)
            pump()
        }
    }

    /// Drafts of a room whose lock somebody keeps hold up nobody else: they are not waited for again.
    func look(on connection: PostgresConnection) {
        let suspected = suspects.intersection(pieces[0].rooms).sorted()
        ask(connection, [(AppendQueries.free, [.int64Array(suspected)])]) { [self] answers in
            silence()
            suspects.subtract((0..<answers[0].count).map { answers[0].int64($0, 0) })
            tellOfLocked()
            let numbers = pieces[0].rooms
            let locked = pieces[0].remove { index, _ in suspects.contains(numbers[index]) }
            if !locked.isEmpty {
                unexplained = 0
                desk.giveUp(locked)
            }
            if pieces[0].items.isEmpty { pieces.removeFirst() }
            pump()
        }
    }

    /// Somebody makes one of these rooms and does not finish. Which one cannot be seen, but drafts of rooms
    /// that exist need not wait for it.
    private func giveUpNewRooms() {
        let new = pieces[0].remove { _, item in rooms.id(of: item.draft.room) == nil }
        board.notice(
            "a room that somebody else is making was not made in time: \(new.count) drafts of new rooms were "
                + "answered unavailable")
        desk.giveUp(new)
        if pieces[0].items.isEmpty { pieces.removeFirst() }
        pump()
    }

    /// Once for each time a room becomes locked, however many drafts it costs.
    private func tellOfLocked() {
        toldLocked.formIntersection(suspects)
        var names: Set<String> = []
        for (item, room) in zip(pieces[0].items, pieces[0].rooms)
        where suspects.contains(room) && toldLocked.insert(room).inserted {
            names.insert(item.draft.room.name.description)
        }
        guard let name = names.min() else { return }
        let others = names.count > 1 ? " and \(names.count - 1) more" : ""
        board.notice(
            "another transaction keeps the lock of the room \(name)\(others): drafts for it are answered "
                + "unavailable until it is free")
    }

    /// Nothing can be stored. Waiting in the server's line again is how to go on as soon as that changes.
    private func barred(_ sentence: String) {
        inTrouble(sentence)
        pump()
    }
}
