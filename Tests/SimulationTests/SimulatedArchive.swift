import Chat
import ChatProtocol
import TestKit
import Time

/// The archive that all hubs share, behind a bad network: a `MemoryArchive`, and the ledger that mirrors it.
final class SimulatedArchive {
    let store: MemoryArchive
    let ledger = Ledger()
    /// Its transactions, for the sweeps.
    private(set) var log = TransactionLog()
    var isAway = false
    private unowned let world: Simulator
    /// When anything last changed.
    private(set) var lastCommit = Instant(nanoseconds: 0)
    private var backup: MemoryArchive.Snapshot?

    init(world: Simulator) {
        self.world = world
        store = MemoryArchive(generation: ArchiveGeneration(number: 1)) { [unowned world] in
            world.clock.moment.wall
        }
        for room in world.storedRooms { _ = store.open(room.key, tail: 0, tailBytes: 0) }
    }

    /// A batch arrives: its transaction has a number from now on.
    func begin() -> TransactionLog.Number { log.begin() }

    /// It will never be committed.
    func abort(_ transaction: TransactionLog.Number) { log.abort(transaction) }

    /// Commits a batch, in one piece.
    func commit(_ drafts: [Draft], in transaction: TransactionLog.Number) -> [Settlement] {
        let before = heads(of: drafts)
        let settlements = store(drafts)
        lastCommit = world.clock.now
        log.commit(transaction, heads(of: drafts).filter { before[$0.key] != $0.value })
        return settlements
    }

    private func heads(of drafts: [Draft]) -> [RoomKey: Offset] {
        let rooms = Set(drafts.map(\.room)).sorted { $0.name < $1.name }
        return Dictionary(uniqueKeysWithValues: store.heads(of: rooms).map { ($0.room, $0.head) })
    }

    /// Heads that moves name, as a sweep tells them: in order, under the present epoch.
    func heads(moved: [RoomKey: Offset]) -> [RoomHead] {
        store.heads(of: moved.keys.sorted { $0.name < $1.name }).map {
            RoomHead(room: $0.room, epoch: $0.epoch, head: moved[$0.room] ?? $0.head)
        }
    }

    private func store(_ drafts: [Draft]) -> [Settlement] {
        var settlements = store.append(drafts)
        if world.mutation == .storesRepeats { storeRepeats(of: drafts, &settlements) }
        if world.mutation == .forgetsFirstPosition { forgetFirstPositions(of: drafts, &settlements) }
        for room in Set(drafts.map(\.room.name)).sorted() { absorb(room) }
        return settlements
    }

    private func absorb(_ room: RoomName) {
        if let fault = ledger.absorb(room, from: store) { world.fail(fault) }
    }

    /// What a draft's position will be if nobody else stores anything: a guess.
    func guess(_ drafts: [Draft]) -> [Settlement] {
        var next: [RoomKey: Offset] = [:]
        return drafts.map { draft in
            let state = store.open(draft.room, tail: 0, tailBytes: 0).state
            next[draft.room, default: state.head] += 1
            let position = StreamPosition(epoch: state.epoch, offset: next[draft.room] ?? 0)
            return Settlement(token: draft.token, outcome: .stored(position, time: world.clock.moment.wall))
        }
    }

    private func storeRepeats(of drafts: [Draft], _ settlements: inout [Settlement]) {
        for (index, draft) in drafts.enumerated() {
            guard case .repeated = settlements[index].outcome else { continue }
            var again = draft
            again.clientID = ClientID.named(draft.clientID.description + "~")
            settlements[index] = store.append([again])[0]
        }
    }

    private func forgetFirstPositions(of drafts: [Draft], _ settlements: inout [Settlement]) {
        for (index, draft) in drafts.enumerated() {
            guard case .repeated(_, let time) = settlements[index].outcome else { continue }
            let state = store.open(draft.room, tail: 0, tailBytes: 0).state
            settlements[index].outcome = .repeated(
                StreamPosition(epoch: state.epoch, offset: state.head), time: time)
        }
    }

    /// Keeps a backup of the present state.
    func backUp() { backup = store.snapshot() }

    /// Puts the last backup back; the archive notices, and begins a new generation.
    func restore() {
        guard let backup else { return }
        store.restore(backup)
        self.backup = nil
        store.newGeneration()
        log.forgetMoves()
        lastCommit = world.clock.now
        for room in world.storedRooms { ledger.restored(room, from: store) }
    }

    /// Deletes old publications: never one whose sender may still ask for it.
    func trim(_ room: RoomName, isUnsettled: (Publication) -> Bool) {
        let horizon = world.clock.moment.wall.milliseconds - 12_000
        let rows = ledger.rows(of: room)
        let kept = rows.firstIndex {
            $0.publication.time.milliseconds > horizon || isUnsettled($0.publication)
        }
        guard let limit = rows[..<(kept ?? rows.endIndex)].last?.publication.position?.offset else { return }
        store.trim(room.key, below: limit)
        absorb(room)
    }
}
