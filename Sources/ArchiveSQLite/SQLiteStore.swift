package import ArchiveThread
package import ChatProtocol
package import Networking
import Time

/// The archive of a process: one SQLite database on a thread of its own, and an endpoint of it for every
/// worker.
package final class SQLiteStore: ArchiveStore {
    private let door: ArchiveDoor
    private let meter: ArchiveMeter

    /// Opens the archive, makes it where there is none, and brings its schema up to date. `report` is called
    /// on the archive's thread; it must not wait.
    package static func open(
        _ location: SQLiteLocation, report: @escaping @Sendable (ArchiveEvent) -> Void = { _ in }
    ) throws(SQLiteStoreError) -> SQLiteStore {
        let meter = ArchiveMeter()
        do {
            let waiter = OpeningWaiter()
            let loop = try EventLoop()
            let receiver = try MailboxReceiver(on: loop, handler: waiter)
            let opening = receiver.mailbox
            let thread = try LoopThread(name: "parley-archive") { loop in
                SQLiteThread.run(location, on: loop, opening: opening, meter: meter, report: report)
            }
            while waiter.opening == nil { try loop.turn() }
            receiver.close()
            switch waiter.opening! {
            case .opened(let mailbox): return SQLiteStore(ArchiveDoor(mailbox, to: thread), meter)
            case .failed(let error):
                thread.join()
                throw error
            }
        } catch let error as SQLiteStoreError {
            throw error
        } catch {
            throw .failed(path: location.description, reason: "\(error)")
        }
    }

    private init(_ door: ArchiveDoor, _ meter: ArchiveMeter) {
        self.door = door
        self.meter = meter
    }

    /// An archive for the worker that runs `loop`; call it on that worker's thread, and before `close`.
    package func endpoint(
        on loop: EventLoop, news: @escaping (ArchiveNews) -> Void = { _ in }
    ) throws(SystemError) -> ArchiveEndpoint {
        try door.endpoint(on: loop, news: news)
    }

    /// Whether the last write went through. It is tried again every second while nothing else is written.
    package var isHealthy: Bool { meter.isHealthy }

    /// That it cannot be written, where it cannot.
    package var remarks: [String] {
        isHealthy ? [] : ["the archive cannot be written: look for its reason in the log"]
    }

    /// What the archive did since it was opened.
    package var statistics: ArchiveStatistics { meter.statistics }

    /// Finishes what was asked before, folds the log into the database, and ends the thread. What is asked
    /// later is answered `unavailable`. Repeatable; waits for the disk.
    package func close() { door.close() }

    /// Begins a new generation in a file that no process serves: `parley new-epoch`, for after a copy was put
    /// back.
    package static func newGeneration(inFile path: String) throws(SQLiteStoreError) -> ArchiveGeneration {
        let file = try SQLiteFile.open(.file(path)).file
        defer { file.close() }
        do {
            let rooms = try file.rooms()
            try rooms.beginGeneration(at: Clock.moment.wall)
            return rooms.generation
        } catch {
            throw .failed(path: path, reason: error.description)
        }
    }

    /// Brings the schema of a file that no process serves up to date, as `open` would: `parley migrate`. The
    /// versions before (0: the file was made) and after.
    package static func migrate(file path: String) throws(SQLiteStoreError) -> (from: Int64, to: Int64) {
        let (file, version) = try SQLiteFile.open(.file(path))
        file.close()
        return (version, Migrations.latestVersion)
    }
}

private final class OpeningWaiter: MailboxHandler {
    private(set) var opening: SQLiteOpening?

    func received(_ messages: [SQLiteOpening]) { opening = messages.last }
}
