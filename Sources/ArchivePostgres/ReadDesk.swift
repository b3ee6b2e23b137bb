import ArchiveThread
import Chat
import ChatProtocol
import DequeModule
import Networking
import Time

/// What is read, over two connections or more, several questions under way on each. A room that nobody knew
/// is made on the way. Also notes who is in which room.
///
/// Memberships and the lists of them take the first connection, in their order: who was noted is listed.
final class ReadDesk: TimerHandler {
    /// One question, and what became of it so far.
    struct Asked {
        let owner: RequestOwner
        let read: ArchiveRead
        let arrival: Instant
        /// How often its connection was lost under it.
        var losses = 0
        var roomWasMade = false

        var isList: Bool { if case .rooms = read { true } else { false } }
    }

    private enum Limit {
        static let waiting = 65_536
        static let underWay = 8
        static let losses = 3
        static let memberships = 1000
        /// How long a question waits where making a connection fails, and otherwise.
        static let away = Duration.seconds(2)
        static let busy = Duration.seconds(10)
    }

    private let loop: EventLoop
    private let desk: SettlementDesk
    private let board: HealthBoard
    private let meter: ArchiveMeter
    private let readers: [Reader]
    private var waiting: Deque<Asked> = []
    private var lists: Deque<Asked> = []
    private var memberships: [Membership: Bool] = [:]
    private var tick: TimerID?

    init(_ links: [PostgresLink], on loop: EventLoop, of thread: PostgresThread.Parts) {
        self.loop = loop
        desk = thread.desk
        board = thread.board
        meter = thread.meter
        readers = links.enumerated().map { Reader("reader \($0 + 1)", $1, thread.board) }
        for reader in readers { reader.desk = self }
    }

    func start() { for reader in readers { reader.link.start(for: reader) } }

    func stop() {
        for reader in readers { reader.stop() }
        tick.map { _ = loop.cancel($0) }
        tick = nil
    }

    /// Whether nothing waits for an answer.
    var isIdle: Bool {
        waiting.isEmpty && lists.isEmpty && memberships.isEmpty && readers.allSatisfy { $0.isIdle }
    }

    func ask(_ read: ArchiveRead, _ owner: RequestOwner) {
        let asked = Asked(owner: owner, read: read, arrival: loop.now)
        guard waiting.count + lists.count < Limit.waiting else {
            return fail(asked, "too many reads wait for the archive")
        }
        if asked.isList { lists.append(asked) } else { waiting.append(asked) }
        keepTicking()
    }

    func remember(_ membership: Membership, joined: Bool) {
        guard memberships.count < Limit.waiting || memberships[membership] != nil else { return }
        memberships[membership] = joined
        keepTicking()
    }

    /// Sends what may be sent.
    func pump() {
        while !memberships.isEmpty, readers[0].free(Limit.underWay) != nil { note() }
        while memberships.isEmpty, !lists.isEmpty, readers[0].free(Limit.underWay) != nil {
            send(lists.removeFirst(), to: readers[0])
        }
        while !waiting.isEmpty {
            let free = readers.filter { $0.free(Limit.underWay) != nil }
            guard let reader = free.min(by: { $0.count < $1.count }) else { break }
            send(waiting.removeFirst(), to: reader)
        }
        keepTicking()
    }

    /// Fails everything that waits.
    func giveUp() {
        for reader in readers { reader.link.restart() }
        for asked in waiting + lists { fail(asked, "the archive is closing") }
        (waiting, lists, memberships) = ([], [], [:])
    }

    /// A reader's connection went with these under way; they are asked again, first.
    func lost(_ asked: [Asked]) {
        for var asked in asked.sorted(by: { $0.arrival > $1.arrival }) {
            asked.losses += 1
            if asked.losses >= Limit.losses {
                fail(asked, "the connection to Postgres was lost three times under this question")
            } else if asked.isList {
                lists.prepend(asked)
            } else {
                waiting.prepend(asked)
            }
        }
        pump()
    }

    func timerFired(token: Int) {
        tick = nil
        for reader in readers { reader.checkSilence(longest: .seconds(15)) }
        let isOpen = readers.contains { $0.link.connection != nil }
        let away = board.isFailing ? Limit.away : Limit.busy
        failLate(\.waiting, isOpen ? Limit.busy : away)
        failLate(\.lists, readers[0].link.connection != nil ? Limit.busy : away)
        pump()
    }

    private func failLate(_ queue: ReferenceWritableKeyPath<ReadDesk, Deque<Asked>>, _ patience: Duration) {
        while let first = self[keyPath: queue].first, loop.now - first.arrival >= patience {
            fail(self[keyPath: queue].removeFirst(), "Postgres does not answer")
        }
    }

    private func keepTicking() {
        guard tick == nil, !isIdle else { return }
        tick = loop.schedule(self, at: loop.now + .milliseconds(250))
    }
}

// Questions and answers.
extension ReadDesk {
    private func send(_ asked: Asked, to reader: Reader) {
        reader.run(asked, [ReadAnswers.question(asked.read)]) { [self] result in
            switch result {
            case .success(let answers): answer(asked, answers[0], from: reader)
            case .failure(let error): fail(asked, error.description)
            }
            pump()
        }
    }

    private func answer(_ asked: Asked, _ rows: PostgresRows, from reader: Reader) {
        let request = asked.owner.request
        let answer: ArchiveAnswer
        switch asked.read {
        case .open(let room, _, _), .page(let room, _, _, _):
            if rows.count == 0, !asked.roomWasMade { return make(room, for: asked, on: reader) }
            answer = .page(
                request: request,
                result { () throws(ArchiveError) in
                    guard let page = try ReadAnswers.page(rows, of: room) else {
                        throw ArchiveError(reason: "the room cannot be made now")
                    }
                    return page
                })
        case .heads(let rooms):
            answer = .heads(request: request, .success(ReadAnswers.heads(rows, of: rooms)))
        case .rooms(_, _, let limit):
            answer = .rooms(
                request: request,
                result { () throws(ArchiveError) in try ReadAnswers.rooms(rows, limit: limit) })
        }
        meter.read()
        desk.post(answer, to: asked.owner.endpoint)
    }

    private func make(_ room: RoomKey, for asked: Asked, on reader: Reader) {
        var asked = asked
        asked.roomWasMade = true
        reader.run(asked, [(Queries.makeRooms, RoomNames([room]).values)]) { [self, asked] result in
            switch result {
            case .success: waiting.prepend(asked)
            case .failure(let error): fail(asked, error.description)
            }
            pump()
        }
    }

    private func result<Answer>(
        _ body: () throws(ArchiveError) -> Answer
    ) -> Result<Answer, ArchiveError> {
        do { return .success(try body()) } catch { return .failure(error) }
    }

    private func fail(_ asked: Asked, _ reason: String) {
        let (request, error) = (asked.owner.request, ArchiveError(reason: reason))
        let answer: ArchiveAnswer =
            switch asked.read {
            case .open, .page: .page(request: request, .failure(error))
            case .heads: .heads(request: request, .failure(error))
            case .rooms: .rooms(request: request, .failure(error))
            }
        desk.post(answer, to: asked.owner.endpoint)
    }

    /// Best effort: what the server refuses is forgotten, what the connection lost is noted again.
    private func note() {
        let batch = Array(memberships.prefix(Limit.memberships))
        for (membership, _) in batch { memberships[membership] = nil }
        var statements: [(PostgresStatement, [PostgresValue])] = []
        let (joined, left) = (batch.filter(\.value).map(\.key), batch.filter { !$0.value }.map(\.key))
        if !joined.isEmpty {
            statements.append((Queries.makeRooms, RoomNames(joined.map(\.room)).values))
            statements.append((Queries.join, columns(joined)))
        }
        if !left.isEmpty { statements.append((Queries.leave, columns(left))) }
        readers[0].run(nil, statements) { _ in
        } lost: { [self] in
            for (membership, joined) in batch where memberships[membership] == nil {
                memberships[membership] = joined
            }
        }
    }

    private func columns(_ memberships: [Membership]) -> [PostgresValue] {
        [
            .textArray(memberships.map(\.room.tenant.description)),
            .textArray(memberships.map(\.user.description)),
            .textArray(memberships.map(\.room.name.description)),
        ]
    }
}
