import ArchiveThread
import Chat
import DequeModule
import Networking
import Time

/// One connection that stores the drafts of its rooms, one batch under way at a time; the next one collects
/// meanwhile. What fails in a way that may pass is sent again before anything else, so that a room's drafts
/// keep their order, and the outcome of a commit whose answer was lost is settled by the same drafts: the
/// rooms' locks wait for what became of the first ones.
final class AppendLane {
    private enum Alarm: Int { case tick, retry }

    /// How long drafts wait for a connection where making one fails. One that is only slow is given the whole
    /// time of a draft.
    private static let patience = Duration.seconds(2)
    private static let tickInterval = Duration.milliseconds(250)

    let name: String
    let link: PostgresLink
    let desk: SettlementDesk
    let rooms: RoomCache
    let board: HealthBoard
    let meter: ArchiveMeter
    /// What was drawn and is not settled; the first is the one at work.
    var pieces: Deque<AppendPiece> = []
    /// Rooms whose locks were not free in time, until they are seen free.
    var suspects: Set<Int64> = []
    /// Those of them that the log has spoken of.
    var toldLocked: Set<Int64> = []
    /// How often in a row a lock was not free in time although nobody was seen to keep it.
    var unexplained = 0
    /// Whether what was asked last makes rooms.
    var isMakingRooms = false
    /// Why the last write failed, nil once one went through: until then a write is tried also while nothing
    /// waits.
    var trouble: String?
    /// Why the piece at work is tried again; nobody's trouble unless drafts run out of time over it.
    var obstacle: String?
    private let loop: EventLoop
    private var waiting = BatchBuilder()
    private var pauses = Backoff(from: .milliseconds(100), to: .seconds(1))
    private var tick: TimerID?
    private var retry: TimerID?
    /// Since when there is no connection; nil while there is one.
    private var awaySince: Instant?
    /// Which question's answer is heard.
    private var question = 0
    private var askedAt: Instant?

    init(_ name: String, _ link: PostgresLink, on loop: EventLoop, of thread: PostgresThread.Parts) {
        self.name = name
        self.link = link
        self.loop = loop
        desk = thread.desk
        rooms = thread.rooms
        board = thread.board
        meter = thread.meter
    }

    /// Begins to count how long the server is away; connecting begins with `link.start`.
    func prepare() {
        awaySince = loop.now
        board.waits(name, HealthBoard.notConnected)
    }

    /// Lets drafts wait; `pump` sends them.
    func add(_ items: [BatchBuilder.Item]) {
        if isKnownAway { return desk.giveUp(items) }
        for item in items { waiting.add(item.draft, owner: item.owner) }
        keepTicking()
    }

    /// Sends the next batch where none is under way.
    func pump() {
        guard askedAt == nil, retry == nil, let connection = link.connection else { return }
        removeExpired()
        while pieces.isEmpty, !waiting.isEmpty {
            pieces.append(AppendPiece(items: waiting.next()))
            removeExpired()
        }
        if !pieces.isEmpty { advance(on: connection) }
    }

    /// Answers `unavailable` to all that waits.
    func giveUp() {
        if askedAt != nil { link.restart() }
        for piece in pieces { desk.giveUp(piece.items) }
        pieces = []
        if !waiting.isEmpty { desk.giveUp(waiting.removeAll()) }
    }

    func stop() {
        link.stop()
        silence()
        for timer in [tick, retry] { timer.map { _ = loop.cancel($0) } }
        (tick, retry) = (nil, nil)
    }

    /// How long ago the question under way was asked.
    var sinceAsked: Duration { askedAt.map { Clock.instant - $0 } ?? .zero }

    /// Asks, and hears the answer unless the connection goes first.
    func ask(
        _ connection: PostgresConnection, _ statements: [(PostgresStatement, [PostgresValue])],
        then next: @escaping ([PostgresRows]) -> Void
    ) {
        connection.run(statements, completion: listener(next))
    }

    /// Runs a script, and hears that it is done unless the connection goes first.
    func run(_ connection: PostgresConnection, _ script: String, then next: @escaping () -> Void) {
        connection.runScript(script, completion: listener { _ in next() })
    }

    /// The first piece again, after a pause.
    func retryLater() {
        guard retry == nil else { return }
        retry = loop.schedule(self, token: Alarm.retry.rawValue, at: Clock.instant + pauses.next())
    }

    /// Something went through: the next failure is a first one.
    func succeeded() {
        pauses.reset()
        (trouble, obstacle, unexplained) = (nil, nil, 0)
        board.works(name)
    }

    private func listener<Answer>(
        _ next: @escaping (Answer) -> Void
    ) -> (Result<Answer, PostgresError>) -> Void {
        precondition(askedAt == nil, "one question at a time")
        question += 1
        askedAt = Clock.instant
        return { [weak self, question] result in
            guard let self, self.question == question, self.askedAt != nil else { return }
            switch result {
            case .success(let answer): next(answer)
            case .failure(let error): self.failed(error)
            }
        }
    }

    /// No question is under way any more.
    func silence() {
        question += 1
        askedAt = nil
    }

    private func removeExpired() {
        for index in pieces.indices {
            let late = pieces[index].remove { desk.isExpired($1, at: loop.now) }
            if late.isEmpty { continue }
            desk.giveUp(late)
            if let obstacle { inTrouble(obstacle) }
        }
        pieces.removeAll { $0.items.isEmpty }
    }

    private var isKnownAway: Bool {
        guard let awaySince else { return false }
        return loop.now - awaySince >= (board.isFailing ? Self.patience : SettlementDesk.patience)
    }

    private var hasWork: Bool { !pieces.isEmpty || !waiting.isEmpty || trouble != nil }

    func keepTicking() {
        guard tick == nil, hasWork else { return }
        tick = loop.schedule(self, token: Alarm.tick.rawValue, at: loop.now + Self.tickInterval)
    }
}

extension AppendLane: TimerHandler {
    func timerFired(token: Int) {
        switch Alarm(rawValue: token)! {
        case .retry:
            retry = nil
            pump()
        case .tick:
            tick = nil
            // A server that keeps the connection and says nothing: whether it stored anything is unknown.
            if sinceAsked >= SettlementDesk.patience { link.restart() }
            if isKnownAway {
                giveUp()
            } else if askedAt == nil {
                removeExpired()
                pump()
                if pieces.isEmpty, retry == nil { probe() }
            }
            keepTicking()
        }
    }

    private func probe() {
        guard trouble != nil, askedAt == nil, let connection = link.connection else { return }
        let nothing = AppendPiece(items: [])
        ask(connection, [(Queries.touch, [])] + nothing.statements) { [self] _ in
            silence()
            succeeded()
            pump()
        }
    }
}

extension AppendLane: PostgresLinkOwner {
    func greet(
        _ connection: PostgresConnection,
        completion: @escaping (Result<Void, PostgresStoreError>) -> Void
    ) {
        Greeting.check(connection, completion: completion)
    }

    func linkOpened() {
        awaySince = nil
        // It may be another database by now, with the same numbers for other rooms.
        rooms.clear()
        pauses.reset()
        // That there is a connection again does not mean that writes go through.
        if let trouble { board.failed(name, trouble) } else { board.works(name) }
        pump()
    }

    func linkFailed(_ error: PostgresStoreError) {
        board.failed(name, error.description, needsOperator: error.needsOperator)
        keepTicking()
    }

    func linkLost() {
        silence()
        awaySince = loop.now
        board.waits(name, "the connection to Postgres was lost and is being made again")
        keepTicking()
    }
}
