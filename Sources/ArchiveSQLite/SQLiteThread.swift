import ArchiveThread
import Chat
import ChatProtocol
import DequeModule
import Networking
import Time

/// What became of opening an archive.
enum SQLiteOpening: Sendable {
    case opened(Mailbox<ArchiveRequest>)
    case failed(SQLiteStoreError)
}

/// The archive's own thread, the only one that waits for the disk. Every turn takes in what was asked,
/// commits one batch of what waits, and answers some reads: writes go first, and reads never starve.
final class SQLiteThread: MailboxHandler {
    /// How much may wait; more is answered `unavailable` at once.
    private enum Limit {
        static let draftBytes = 32 * 1024 * 1024
        static let drafts = 65_536
        static let reads = 65_536
        static let memberships = 65_536
        /// Reads answered before the next batch has its turn.
        static let readsPerTurn = 64
    }

    private let rooms: SQLiteRooms
    private let loop: EventLoop
    private let meter: ArchiveMeter
    private let report: @Sendable (ArchiveEvent) -> Void
    private var endpoints: [UInt64: Mailbox<ArchiveAnswer>] = [:]
    private var drafts = BatchBuilder()
    private var memberships: [Membership: Bool] = [:]
    private var reads: Deque<(owner: RequestOwner, read: ArchiveRead)> = []
    private var isClosing = false

    /// The thread's whole life: opens the archive, says so to `opening`, works until it is told to close.
    static func run(
        _ location: SQLiteLocation, on loop: EventLoop, opening: Mailbox<SQLiteOpening>, meter: ArchiveMeter,
        report: @escaping @Sendable (ArchiveEvent) -> Void
    ) {
        do {
            let file = try SQLiteFile.open(location).file
            try serve(SQLiteThread(try file.rooms(), on: loop, meter: meter, report: report), opening)
            file.close()
        } catch let error as SQLiteStoreError {
            opening.post(.failed(error))
        } catch {
            opening.post(.failed(.failed(path: location.description, reason: "\(error)")))
        }
    }

    private static func serve(_ thread: SQLiteThread, _ opening: Mailbox<SQLiteOpening>) throws(SystemError) {
        let receiver = try MailboxReceiver(on: thread.loop, handler: thread)
        opening.post(.opened(receiver.mailbox))
        thread.work()
        // From here on requests are dropped; their endpoints answer them when they hear that this ended.
        receiver.close()
        for endpoint in thread.endpoints.values { endpoint.post(.closed) }
    }

    private init(
        _ rooms: SQLiteRooms, on loop: EventLoop, meter: ArchiveMeter,
        report: @escaping @Sendable (ArchiveEvent) -> Void
    ) {
        self.rooms = rooms
        self.loop = loop
        self.meter = meter
        self.report = report
    }

    func received(_ messages: [ArchiveRequest]) {
        for message in messages {
            switch message {
            case .endpoint(let number, let mailbox): endpoints[number] = mailbox
            // One process has the file for itself: there are no others' moves to look for, and nobody puts a
            // copy back meanwhile.
            case .watchClosely, .beginGeneration: break
            case .close: isClosing = true
            // What comes after `close` is answered by the end of the thread.
            case _ where isClosing: break
            case .append(let owner, let drafts): accept(drafts, owner)
            case .read(let owner, let read):
                if reads.count < Limit.reads {
                    reads.append((owner, read))
                } else {
                    refuse(read, owner, ArchiveError(reason: "too many reads wait for the archive"))
                }
            case .remember(let membership, let joined):
                if memberships.count < Limit.memberships || memberships[membership] != nil {
                    memberships[membership] = joined
                }
            }
        }
    }

    private var isIdle: Bool { drafts.isEmpty && memberships.isEmpty && reads.isEmpty }

    private func work() {
        while !(isClosing && isIdle) {
            // Without traffic nothing else would notice that the disk takes writes again.
            let isHealthy = meter.isHealthy
            let sleep: Duration? = isIdle && !isClosing ? (isHealthy ? nil : .seconds(1)) : .zero
            do { try loop.turn(sleepingAtMost: sleep) } catch {
                preconditionFailure("the archive's loop: \(error)")
            }
            if !isHealthy, isIdle { probe() }
            if !drafts.isEmpty { commit() }
            if !memberships.isEmpty { remember() }
            if !reads.isEmpty { answer() }
        }
    }
}

// Writing.
extension SQLiteThread {
    private func accept(_ new: [Draft], _ owner: RequestOwner) {
        for (index, draft) in new.enumerated() {
            guard drafts.count < Limit.drafts, drafts.bodyBytes < Limit.draftBytes else {
                let late = new[index...].map { BatchBuilder.Item(draft: $0, owner: owner.number) }
                meter.gaveUp(late.count)
                return settle(late, Array(repeating: .unavailable, count: late.count))
            }
            drafts.add(draft, owner: owner.number)
        }
    }

    private func commit() {
        let batch = drafts.next()
        let start = Clock.moment
        do {
            let outcomes = try rooms.append(batch.map(\.draft), at: start.wall)
            meter.committed(outcomes, in: Clock.instant - start.instant)
            recovered()
            settle(batch, outcomes)
        } catch {
            failed(error)
            meter.batchFailed()
            // All that waits fails with it: what is behind in a room must not overtake, and where the disk is
            // full a long queue would only wait its time-outs out.
            let lost = batch + drafts.removeAll()
            meter.gaveUp(lost.count)
            settle(lost, Array(repeating: .unavailable, count: lost.count))
        }
    }

    private func settle(_ items: [BatchBuilder.Item], _ outcomes: [AppendOutcome]) {
        var settlements: [UInt64: [Settlement]] = [:]
        var owners: [UInt64] = []
        for (item, outcome) in zip(items, outcomes) {
            if settlements[item.owner] == nil { owners.append(item.owner) }
            settlements[item.owner, default: []].append(
                Settlement(token: item.draft.token, outcome: outcome))
        }
        var answers: [UInt64: [ArchiveAnswer]] = [:]
        for owner in owners {
            let (number, settled) = (RequestOwner(number: owner), settlements[owner]!)
            answers[number.endpoint, default: []].append(.settled(request: number.request, settled))
        }
        for (endpoint, answers) in answers { endpoints[endpoint]?.post(contentsOf: answers) }
    }

    private func remember() {
        // Best effort: where it cannot be written, it is forgotten.
        attempt { () throws(SQLiteFailure) in try rooms.remember(memberships) }
        memberships = [:]
    }

    private func probe() { attempt { () throws(SQLiteFailure) in try rooms.probe() } }

    private func attempt(_ write: () throws(SQLiteFailure) -> Void) {
        do {
            try write()
            recovered()
        } catch { failed(error) }
    }

    private func recovered() {
        if meter.turned(healthy: true) { report(.writesAgain) }
    }

    private func failed(_ failure: SQLiteFailure) {
        if meter.turned(healthy: false) {
            report(.cannotWrite(reason: failure.description))
        }
    }
}

// Reading.
extension SQLiteThread {
    private func answer() {
        let due = Array(reads.prefix(Limit.readsPerTurn))
        reads.removeFirst(due.count)
        makeRooms(for: due.map(\.read))
        var answers: [UInt64: [ArchiveAnswer]] = [:]
        for (owner, read) in due {
            answers[owner.endpoint, default: []].append(answer(read, owner.request))
            meter.read()
        }
        for (endpoint, answers) in answers { endpoints[endpoint]?.post(contentsOf: answers) }
    }

    /// The rooms that these reads bring into being, in one transaction. Where that fails, only they fail.
    private func makeRooms(for reads: [ArchiveRead]) {
        let wanted = reads.compactMap { read in
            switch read {
            case .open(let room, _, _), .page(let room, _, _, _): room
            case .heads, .rooms: nil
            }
        }
        do { try rooms.make(wanted) } catch { failed(error) }
    }

    private func answer(_ read: ArchiveRead, _ request: UInt64) -> ArchiveAnswer {
        switch read {
        case .open(let room, let tail, let tailBytes):
            .page(request: request, page(room, .newest, PageSize(limit: tail, bytes: tailBytes, atLeast: 0)))
        case .page(let room, let range, let limit, let bytes):
            .page(request: request, page(room, range, PageSize(limit: limit, bytes: bytes, atLeast: 1)))
        case .heads(let keys):
            .heads(request: request, result { () throws(SQLiteFailure) in try rooms.heads(of: keys) })
        case .rooms(let user, let after, let limit):
            .rooms(
                request: request,
                result { () throws(SQLiteFailure) in try rooms.rooms(of: user, after: after, limit: limit) })
        }
    }

    private func page(_ room: RoomKey, _ range: PageRange, _ size: PageSize) -> Result<
        ArchivePage, ArchiveError
    > {
        result { () throws(SQLiteFailure) in try rooms.page(of: room, range, size) }.flatMap { page in
            page.map { .success($0) } ?? .failure(ArchiveError(reason: "the room cannot be made now"))
        }
    }

    private func result<Answer>(
        _ body: () throws(SQLiteFailure) -> Answer
    ) -> Result<Answer, ArchiveError> {
        do { return .success(try body()) } catch { return .failure(ArchiveError(reason: error.description)) }
    }

    private func refuse(_ read: ArchiveRead, _ owner: RequestOwner, _ error: ArchiveError) {
        let request = owner.request
        let answer: ArchiveAnswer =
            switch read {
            case .open, .page: .page(request: request, .failure(error))
            case .heads: .heads(request: request, .failure(error))
            case .rooms: .rooms(request: request, .failure(error))
            }
        endpoints[owner.endpoint]?.post(answer)
    }
}
