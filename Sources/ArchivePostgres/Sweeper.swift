import ArchiveThread
import Chat
import ChatProtocol
import DequeModule
import Networking
import Random
import Time

/// Keeps watch over the database on a connection of its own: brings the schema up to date before anybody else
/// connects, tells every endpoint which rooms have moved, notices that the database is no continuation of
/// what it was, forgets old notes and reports locks that nobody gives back.
final class Sweeper {
    private enum Pace {
        static let usual = Duration.seconds(1)
        static let close = Duration.milliseconds(50)
        static let locks = Duration.seconds(5)
        /// How old notes of moves become, and how exactly.
        static let moves = Duration.seconds(300)
        static let marks = Duration.seconds(30)
        /// A server that keeps the connection and says nothing.
        static let silence = Duration.seconds(15)
    }

    private enum Alarm: Int { case sweep, silence }

    private let name = "sweep"
    private let link: PostgresLink
    private let loop: EventLoop
    private let desk: SettlementDesk
    private let rooms: RoomCache
    private let board: HealthBoard
    /// Called whenever the schema is found in order.
    private let isPrepared: () -> Void
    /// From which transaction on the next sweep asks; "0" where moves may have gone unseen.
    private var mark = "0"
    private var generation: ArchiveGeneration?
    private var watch = GenerationWatch()
    private var clusterKey: [UInt8]?
    private var closeEndpoints: Set<UInt64> = []
    private var timer: TimerID?
    private var guardTimer: TimerID?
    private var marks: Deque<(at: Instant, mark: String)> = []
    private var locksSeenAt: Instant?
    private var lockWatch = LockWatch()
    private var isSweeping = false
    private var failures = 0

    init(
        _ link: PostgresLink, on loop: EventLoop, of thread: PostgresThread.Parts,
        isPrepared: @escaping () -> Void
    ) {
        self.link = link
        self.loop = loop
        desk = thread.desk
        rooms = thread.rooms
        board = thread.board
        self.isPrepared = isPrepared
    }

    func start() {
        board.waits(name, HealthBoard.notConnected)
        link.start(for: self)
    }

    func stop() {
        link.stop()
        rest()
    }

    /// Tells a new endpoint what the others know.
    func tell(_ endpoint: Mailbox<ArchiveAnswer>) {
        if let clusterKey { endpoint.post(.news(.clusterKey(clusterKey))) }
        if generation != nil { endpoint.post(.news(.compare)) }
    }

    /// That endpoint hears the other instances badly, or well again.
    func watchClosely(_ endpoint: UInt64, _ closely: Bool) {
        let wasClose = !closeEndpoints.isEmpty
        if closely { closeEndpoints.insert(endpoint) } else { closeEndpoints.remove(endpoint) }
        guard !wasClose, closely, let timer else { return }
        loop.reschedule(timer, at: loop.now)
    }

    /// A worker found that this generation holds something else than it did: another one begins, unless it
    /// has. Kept until that is so.
    func beginGeneration(after generation: ArchiveGeneration) {
        watch.doubt(generation)
        guard let timer else { return }
        loop.reschedule(timer, at: loop.now)
    }

    private func rest() {
        for timer in [timer, guardTimer] { timer.map { _ = loop.cancel($0) } }
        (timer, guardTimer) = (nil, nil)
        isSweeping = false
    }

    private func sweepLater() {
        isSweeping = false
        guardTimer.map { _ = loop.cancel($0) }
        guardTimer = nil
        guard timer == nil, link.connection != nil else { return }
        let pause = closeEndpoints.isEmpty || failures > 0 ? Pace.usual : Pace.close
        // A fifth up or down: instances that began together do not go on together.
        let percent = Int64(80 + randomUInt64() % 41)
        timer = loop.schedule(
            self, token: Alarm.sweep.rawValue,
            at: Clock.instant + .nanoseconds(pause.inNanoseconds / 100 * percent))
    }

    private func sweep() {
        guard !isSweeping, let connection = link.connection else { return }
        isSweeping = true
        watch.believed = rooms.latest
        guardTimer = loop.schedule(
            self, token: Alarm.silence.rawValue, at: Clock.instant + Pace.silence)
        ask(connection, SweepQueries.sweep, [.text(mark)]) { [self] rows in
            guard rows.count > 0 else { return failed("the table parley.archive is empty") }
            failures = 0
            take(Sweep(rows), on: connection)
        }
    }

    private func take(_ sweep: Sweep, on connection: PostgresConnection) {
        guard sweep.isSameHistory else {
            return run(SweepQueries.takeOver(believing: watch.believed), on: connection)
        }
        if let finding = watch.judge(sweep.generation) {
            finding.notice.map { board.notice($0) }
            return run(finding.script, on: connection)
        }
        board.works(name)
        let isNew = generation != sweep.generation
        if isNew, generation != nil {
            board.notice("the archive began generation \(sweep.generation.number): all rooms are compared")
        }
        generation = sweep.generation
        mark = sweep.next
        if isNew || sweep.isIncomplete {
            _ = rooms.adopt(sweep.generation)
            if isNew { marks = [] }
            desk.postToAll(.news(.compare))
        } else if !sweep.moved.isEmpty {
            desk.postToAll(.news(.moved(sweep.moved)))
        }
        keepHouse(on: connection)
    }

    /// Runs a script that begins a generation, and looks again.
    private func run(_ script: String, on connection: PostgresConnection) {
        connection.runScript(script) { [weak self] result in
            guard let self, self.link.connection === connection else { return }
            self.mark = "0"
            switch result {
            case .success: self.sweepLater()
            case .failure(let error): self.failed("\(error)")
            }
        }
    }

    /// Perhaps something an operator did while we looked: after a few failures the schema is looked at anew.
    private func failed(_ reason: String) { failed(saying: PostgresStoreError.failed(reason).description) }

    private func failed(saying sentence: String) {
        board.failed(name, sentence)
        failures += 1
        mark = "0"
        if failures.isMultiple(of: 3) { link.restart() } else { sweepLater() }
    }

    private func ask(
        _ connection: PostgresConnection, _ statement: PostgresStatement, _ values: [PostgresValue],
        then next: @escaping (PostgresRows) -> Void
    ) {
        connection.run([(statement, values)]) { [weak self] result in
            guard let self, self.link.connection === connection else { return }
            switch result {
            case .success(let answers): next(answers[0])
            case .failure(.server("55P03", _, _)) where statement.name != LockQueries.locks.name:
                self.blocked(on: connection)
            case .failure(.server(let state, let message, _)): self.failed("\(message) (\(state))")
            case .failure: self.link.restart()
            }
        }
    }
}

// Housekeeping, between two sweeps.
extension Sweeper {
    private func keepHouse(on connection: PostgresConnection) {
        if marks.last.map({ loop.now - $0.at >= Pace.marks }) ?? true { marks.append((loop.now, mark)) }
        if let oldest = marks.first, loop.now - oldest.at >= Pace.moves {
            marks.removeFirst()
            return ask(connection, SweepQueries.trim, [.text(oldest.mark)]) { [self] _ in sweepLater() }
        }
        if let locksSeenAt, loop.now - locksSeenAt < Pace.locks { return sweepLater() }
        locksSeenAt = loop.now
        ask(connection, LockQueries.locks, []) { [self] rows in
            for sentence in lockWatch.see(TableLock.all(rows), at: loop.now) { board.notice(sentence) }
            sweepLater()
        }
    }

    /// A table was not free in time.
    private func blocked(on connection: PostgresConnection) {
        ask(connection, LockQueries.locks, []) { [self] rows in
            failed(saying: TableLock.sentence(barring: TableLock.all(rows)) ?? TableLock.unknown)
        }
    }
}

extension Sweeper: TimerHandler {
    func timerFired(token: Int) {
        switch Alarm(rawValue: token)! {
        case .sweep:
            timer = nil
            sweep()
        case .silence:
            guardTimer = nil
            link.restart()
        }
    }
}

extension Sweeper: PostgresLinkOwner {
    func greet(
        _ connection: PostgresConnection,
        completion: @escaping (Result<Void, PostgresStoreError>) -> Void
    ) {
        SchemaKeeper.prepare(connection, migrates: true) { [weak self] result in
            guard let self else { return }
            if case .success(let finding) = result { self.take(finding) }
            completion(result.map { _ in })
        }
    }

    private func take(_ finding: SchemaKeeper.Finding) {
        board.weak(finding.weaknesses)
        if finding.from != finding.to {
            board.notice(
                "the schema parley in Postgres was brought from version \(finding.from) to \(finding.to)")
        }
        if clusterKey != finding.clusterKey {
            clusterKey = finding.clusterKey
            desk.postToAll(.news(.clusterKey(finding.clusterKey)))
        }
    }

    func linkOpened() {
        board.works(name)
        // What moved meanwhile is found by comparing.
        mark = "0"
        marks = []
        isPrepared()
        sweep()
    }

    func linkFailed(_ error: PostgresStoreError) {
        board.failed(name, error.description, needsOperator: error.needsOperator)
    }

    func linkLost() {
        rest()
        board.waits(name, "the connection to Postgres was lost and is being made again")
    }
}
