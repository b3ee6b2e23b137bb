import Chat
import ChatProtocol
import TestKit

/// One hub's way to the archive: one batch in flight, reads as they come; everything takes time, and an
/// answer may be lost. It dies with its hub; what it had sent may still be committed.
final class ArchiveEndpoint: Archive {
    private unowned let world: Simulator
    private var waiting: [(draft: Draft, completion: ([Settlement]) -> Void)] = []
    private var isBusy = false
    private var isDead = false
    private static let batchLimit = 16

    init(world: Simulator) { self.world = world }

    private var store: MemoryArchive { world.archive.store }

    /// The hub crashed: no answer is wanted any more.
    func die() {
        isDead = true
        waiting = []
    }

    func append(_ drafts: [Draft], completion: @escaping ([Settlement]) -> Void) {
        for draft in drafts { waiting.append((draft, completion)) }
        startBatch()
    }

    /// Takes drafts in the order given, up to the first that repeats another one of the batch.
    private func startBatch() {
        guard !isBusy, !waiting.isEmpty else { return }
        isBusy = true
        struct Same: Hashable {
            let room: RoomKey
            let user: UserID
            let clientID: ClientID
        }
        var taken: Set<Same> = []
        let limit = world.random.number(in: 1...Self.batchLimit)
        let count = waiting.prefix(limit).prefix { item in
            taken.insert(Same(room: item.draft.room, user: item.draft.user, clientID: item.draft.clientID))
                .inserted
        }.count
        let batch = waiting[..<count]
        waiting.removeFirst(count)
        let drafts = batch.map(\.draft)
        let completions = batch.map(\.completion)
        if world.mutation == .acknowledgesBeforeCommit {
            settle(world.archive.guess(drafts), completions)
            world.after(microseconds: delay()) { [self] in arrive(drafts, []) }
            return
        }
        world.after(microseconds: delay()) { [self] in arrive(drafts, completions) }
    }

    private func arrive(_ drafts: [Draft], _ completions: [([Settlement]) -> Void]) {
        let faults = world.faults
        let unknown = drafts.map { Settlement(token: $0.token, outcome: .unavailable) }
        var settlements = unknown
        let isLost = world.archive.isAway || world.random.chance(faults.appendsLost)
        let transaction = world.archive.begin()
        if isDead && world.random.chance(0.5) || isLost {
            world.archive.abort(transaction)
            world.note(20, drafts.count, "archive: a batch of \(drafts.count) is lost")
        } else if world.random.chance(faults.appendsLate) {
            world.note(21, drafts.count, "archive: a batch of \(drafts.count) will be late")
            let delay = world.random.number(in: 1_000...2_000_000)
            world.after(microseconds: delay) { [self] in
                if world.archive.isAway {
                    world.archive.abort(transaction)
                } else {
                    _ = world.archive.commit(drafts, in: transaction)
                }
            }
        } else if world.random.chance(faults.commitsHeld) {
            return hold(drafts, completions, in: transaction)
        } else {
            settlements = world.archive.commit(drafts, in: transaction)
            world.note(
                22, drafts.count, "archive: commits \(drafts.map { "\($0.room.name) \($0.clientID)" })")
            if world.random.chance(faults.appendAnswersLost) { settlements = unknown }
        }
        answer(settlements, completions)
    }

    /// The transaction stays open while others, with higher numbers, commit.
    private func hold(
        _ drafts: [Draft], _ completions: [([Settlement]) -> Void], in transaction: TransactionLog.Number
    ) {
        world.note(23, drafts.count, "archive: a batch of \(drafts.count) is held open")
        world.statistics.heldCommits += 1
        world.after(microseconds: world.random.number(in: 100_000...3_500_000)) { [self] in
            guard !world.archive.isAway else {
                world.archive.abort(transaction)
                let unknown = drafts.map { Settlement(token: $0.token, outcome: .unavailable) }
                return answer(unknown, completions)
            }
            answer(world.archive.commit(drafts, in: transaction), completions)
        }
    }

    private func answer(_ settlements: [Settlement], _ completions: [([Settlement]) -> Void]) {
        world.after(microseconds: delay()) { [self] in
            isBusy = false
            settle(settlements, completions)
            startBatch()
        }
    }

    /// In one piece, or in two.
    private func settle(_ settlements: [Settlement], _ completions: [([Settlement]) -> Void]) {
        guard !isDead, let completion = completions.first else { return }
        let cut = settlements.count > 1 && world.random.chance(0.3) ? 1 : 0
        if cut > 0 { completion(Array(settlements[..<cut])) }
        if !isDead { completion(Array(settlements[cut...])) }
    }

    func open(
        _ room: RoomKey, tail: Int, tailBytes: Int,
        completion: @escaping (Result<ArchivePage, ArchiveError>) -> Void
    ) {
        ask({ [self] in store.open(room, tail: tail, tailBytes: tailBytes) }, completion)
    }

    func read(
        _ room: RoomKey, _ range: PageRange, limit: Int, bytes: Int,
        completion: @escaping (Result<ArchivePage, ArchiveError>) -> Void
    ) {
        ask({ [self] in store.read(room, range, limit: limit, bytes: bytes) }, completion)
    }

    func heads(of rooms: [RoomKey], completion: @escaping (Result<[RoomHead], ArchiveError>) -> Void) {
        ask({ [self] in store.heads(of: rooms) }, completion)
    }

    func remember(_ user: UserKey, in room: RoomName, joined: Bool) {
        ask({ [self] in store.remember(user, in: room, joined: joined) }, { _ in })
    }

    func rooms(
        of user: UserKey, after: RoomName?, limit: Int,
        completion: @escaping (Result<RoomsPage, ArchiveError>) -> Void
    ) {
        ask({ [self] in store.rooms(of: user, after: after, limit: limit) }, completion)
    }

    /// Looks at the archive at some moment on the way, and answers later.
    private func ask<T>(_ look: @escaping () -> T, _ completion: @escaping (Result<T, ArchiveError>) -> Void)
    {
        world.after(microseconds: delay()) { [self] in
            let isLost = world.archive.isAway || world.random.chance(world.faults.readsLost)
            let result: Result<T, ArchiveError> =
                isLost ? .failure(ArchiveError(reason: "the simulation says no")) : .success(look())
            world.after(microseconds: delay()) { [self] in
                if !isDead { completion(result) }
            }
        }
    }

    private func delay() -> Int {
        let delay = world.random.number(in: 100...world.faults.archiveDelay * 1_000)
        return world.random.chance(world.faults.archiveStalls) ? delay * 100 : delay
    }
}
