import ArchiveThread
import Chat
import ChatProtocol
import DequeModule

// A piece's way: its rooms are made and numbered, suspected rooms looked at, then it is stored.
extension AppendLane {
    /// Takes the first piece a step further; no question is under way.
    func advance(on connection: PostgresConnection) {
        let unknown = pieces[0].unknownRooms(in: rooms)
        isMakingRooms = !unknown.isEmpty
        if isMakingRooms { return makeRooms(unknown, on: connection) }
        pieces[0].number(from: rooms)
        if !suspects.isDisjoint(with: pieces[0].rooms) { return look(on: connection) }
        ask(connection, pieces[0].statements) { [self] answers in stored(answers[1], on: connection) }
    }

    private func makeRooms(_ unknown: [RoomKey], on connection: PostgresConnection) {
        let names = RoomNames(unknown)
        ask(connection, [(Queries.makeRooms, names.values), (Queries.heads, names.values)]) {
            [self] answers in
            silence()
            let found = answers[1]
            guard found.count > 0 else { return troubled("the rooms cannot be made") }
            let generation = ArchiveGeneration(number: found.int64(0, 2))
            if rooms.isPast(generation) { return takeOver(on: connection) }
            if !rooms.adopt(generation) { suspects = [] }
            for row in 0..<found.count {
                rooms.add(unknown[Int(found.int64(row, 0)) - 1], id: found.int64(row, 1))
            }
            pump()
        }
    }

    private func stored(_ answer: PostgresRows, on connection: PostgresConnection) {
        let duration = sinceAsked
        silence()
        if answer.count == 0 { return takeOver(on: connection) }
        var piece = pieces.removeFirst()
        let outcomes = piece.outcomes(answer)
        let told = outcomes.compactMap { $0 }
        meter.committed(told, in: duration)
        let settled = piece.remove { index, _ in outcomes[index] != nil }
        desk.settle(settled, told)
        // Rooms that are gone are made anew.
        for item in piece.items { rooms.forget(item.draft.room) }
        if !piece.items.isEmpty { pieces.prepend(piece) }
        succeeded()
        pump()
    }

    /// The database is not what was believed: begins a generation where nobody did, and believes anew.
    private func takeOver(on connection: PostgresConnection) {
        run(connection, SweepQueries.takeOver(believing: rooms.latest)) { [self] in
            silence()
            rooms.clear()
            retryLater()
        }
    }

    /// The question under way failed.
    func failed(_ error: PostgresError) {
        let duration = sinceAsked
        silence()
        meter.batchFailed()
        guard case .server(let state, let message, _) = error else { return link.restart() }
        let kind = FailureKind(sqlState: state)
        if kind == .locked { return locked() }
        // What was asked may have been a probe.
        if pieces.isEmpty { return troubled("\(message) (\(state))") }
        switch kind {
        case .draft where pieces[0].items.count == 1:
            let poison = pieces.removeFirst()
            desk.settle(poison.items, [.refused])
            meter.committed([.refused], in: duration)
            pump()
        case .draft:
            pieces.prepend(contentsOf: pieces.removeFirst().halves)
            pump()
        case .contention:
            obstacle = PostgresStoreError.failed("\(message) (\(state))").description
            retryLater()
        // Connections made later may be to the server that took over.
        case .readOnly: link.restart()
        case .locked, .trouble: troubled("\(message) (\(state))")
        }
    }

    private func troubled(_ reason: String) {
        inTrouble(PostgresStoreError.failed(reason).description)
        retryLater()
    }

    /// Writes fail, for the reason the sentence says, until one goes through.
    func inTrouble(_ sentence: String) {
        trouble = sentence
        board.failed(name, sentence)
        keepTicking()
    }
}

/// Rooms as the parallel arrays that statements take.
struct RoomNames {
    let values: [PostgresValue]

    init(_ rooms: [RoomKey]) {
        values = [
            .textArray(rooms.map(\.tenant.description)), .textArray(rooms.map(\.name.description)),
        ]
    }
}
