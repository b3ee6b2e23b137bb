package import ArchiveThread
package import ChatProtocol
package import Networking

/// The archive of a process in a Postgres database that it shares with other instances: one thread with a
/// loop of its own, and an endpoint of it for every worker.
package final class PostgresStore: ArchiveStore {
    private let door: ArchiveDoor
    private let meter: ArchiveMeter
    private let condition: PostgresCondition

    /// Starts the archive and returns at once, whether or not the server is there: it is tried again and
    /// again, `remarks` says what is wrong, and the schema is brought up to date as soon as that is possible.
    /// Drafts are stored over `lanes` connections, at least 1. `report` is called on the archive's thread; it
    /// must not wait.
    package static func open(
        _ target: PostgresTarget, lanes: Int = 4,
        report: @escaping @Sendable (ArchiveEvent) -> Void = { _ in }
    ) throws(SystemError) -> PostgresStore {
        let (meter, condition) = (ArchiveMeter(), PostgresCondition())
        let waiter = OpeningWaiter()
        let loop = try EventLoop()
        let receiver = try MailboxReceiver(on: loop, handler: waiter)
        let opening = receiver.mailbox
        let thread = try LoopThread(name: "parley-archive") { loop in
            PostgresThread.run(
                target, lanes: max(lanes, 1), on: loop, opening: opening, meter: meter,
                condition: condition, report: report)
        }
        while waiter.opening == nil { try loop.turn() }
        receiver.close()
        switch waiter.opening! {
        case .opened(let mailbox): return PostgresStore(ArchiveDoor(mailbox, to: thread), meter, condition)
        case .failed(let error):
            thread.join()
            throw error
        }
    }

    private init(
        _ door: ArchiveDoor, _ meter: ArchiveMeter,
        _ condition: PostgresCondition
    ) {
        self.door = door
        self.meter = meter
        self.condition = condition
    }

    /// An archive for the worker that runs `loop`; call it on that worker's thread, and before `close`.
    /// `news` is told what the archive says unasked, on that loop: first the secret of the cluster.
    package func endpoint(
        on loop: EventLoop, news: @escaping (ArchiveNews) -> Void = { _ in }
    ) throws(SystemError) -> ArchiveEndpoint {
        try door.endpoint(on: loop, news: news)
    }

    /// Whether all connections are up and the last writes went through.
    package var isHealthy: Bool { condition.isHealthy }

    /// What is wrong, and what is weak: that `fsync` is off, that no standby confirms commits.
    package var remarks: [String] { condition.remarks }

    /// What the archive did since it was opened.
    package var statistics: ArchiveStatistics { meter.statistics }

    /// Finishes what was asked before, within eight seconds, and ends the thread. What is asked later is
    /// answered `unavailable`. Repeatable; waits for the server.
    package func close() { door.close() }

    /// Brings the schema up to date, as a running archive does by itself: `parley migrate`. The versions
    /// before (0: the schema was made) and after. Waits for the server.
    package static func migrate(_ target: PostgresTarget) throws(PostgresStoreError) -> (
        from: Int64, to: Int64
    ) {
        let finding = try PostgresCommand.run(target) { connection, completion in
            SchemaKeeper.prepare(connection, migrates: true, completion: completion)
        }
        return (finding.from, finding.to)
    }

    /// Begins a new generation, for after a copy of the database was put back: `parley new-epoch`. Instances
    /// may run meanwhile. Waits for the server.
    package static func newGeneration(
        _ target: PostgresTarget
    ) throws(PostgresStoreError) -> ArchiveGeneration {
        try PostgresCommand.run(target) { connection, completion in
            SchemaKeeper.prepare(connection, migrates: false) { result in
                if case .failure(let error) = result { return completion(.failure(error)) }
                connection.runScript(SweepQueries.newEpoch) { result in
                    if case .failure(let error) = result {
                        return completion(.failure(PostgresStoreError(error)))
                    }
                    connection.run([(Queries.generation, [])]) { result in
                        completion(
                            result.map { ArchiveGeneration(number: $0[0].int64(0, 0)) }
                                .mapError(PostgresStoreError.init))
                    }
                }
            }
        }
    }
}

private final class OpeningWaiter: MailboxHandler {
    private(set) var opening: PostgresOpening?

    func received(_ messages: [PostgresOpening]) { opening = messages.last }
}
