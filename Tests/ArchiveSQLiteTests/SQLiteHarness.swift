import ArchiveContract
import ArchiveSQLite
import ArchiveThread
import Chat
import ChatProtocol
import Networking
import Testing
import Time

/// An SQLite archive on its thread, and a worker's loop on the test's own.
final class SQLiteHarness: ArchiveHarness {
    let loop: EventLoop
    private(set) var store: SQLiteStore
    private let location: SQLiteLocation
    private let directory: TemporaryDirectory?
    private let log: EventLog
    private let report: @Sendable (ArchiveEvent) -> Void

    init(inMemory: Bool = false) throws {
        directory = inMemory ? nil : TemporaryDirectory()
        location = directory.map { .file($0.file("parley.db")) } ?? .memory
        loop = try EventLoop()
        log = EventLog()
        let mailbox = try MailboxReceiver(on: loop, handler: log).mailbox
        report = { mailbox.post($0) }
        store = try SQLiteStore.open(location, report: report)
    }

    deinit {
        store.close()
        loop.dismantle()
    }

    /// The database's file.
    var path: String { directory!.file("parley.db") }
    /// What the store reported and the loop has heard of.
    var events: [ArchiveEvent] { log.events }

    func endpoint() throws -> any Archive { try store.endpoint(on: loop) }

    func run(until isDone: () -> Bool) throws {
        let deadline = Clock.instant + .seconds(60)
        while !isDone() {
            try #require(Clock.instant < deadline, "the archive does not answer")
            try loop.turn(sleepingAtMost: .milliseconds(100))
        }
    }

    func restart() throws {
        store.close()
        store = try SQLiteStore.open(location, report: report)
    }

    func beginGeneration() throws {
        store.close()
        _ = try SQLiteStore.newGeneration(inFile: path)
        store = try SQLiteStore.open(location, report: report)
    }

    /// Appends and waits; the outcomes in the order of the drafts.
    func append(_ drafts: [Draft], to archive: any Archive) throws -> [AppendOutcome] {
        var outcomes: [UInt64: AppendOutcome] = [:]
        archive.append(drafts) { for settlement in $0 { outcomes[settlement.token] = settlement.outcome } }
        try run { outcomes.count == drafts.count }
        return drafts.map { outcomes[$0.token]! }
    }

    /// Opens a room and waits.
    func open(_ room: RoomKey, in archive: any Archive) throws -> Result<ArchivePage, ArchiveError> {
        var answer: Result<ArchivePage, ArchiveError>?
        archive.open(room, tail: 0, tailBytes: 0) { answer = $0 }
        try run { answer != nil }
        return answer!
    }
}

private final class EventLog: MailboxHandler {
    private(set) var events: [ArchiveEvent] = []
    func received(_ messages: [ArchiveEvent]) { events += messages }
}

/// Drafts to one room, with tokens and client ids from `ids`.
func drafts(_ ids: ClosedRange<Int>, room: String = "lobby", bodyBytes: Int = 4) throws -> [Draft] {
    let key = RoomKey(tenant: .default, name: try RoomName(room))
    let body = Array(("\"" + String(repeating: "x", count: bodyBytes - 2) + "\"").utf8)
    return try ids.map {
        Draft(
            token: UInt64($0), room: key, user: try UserID("ann"), name: nil,
            clientID: try ClientID("c\($0)"),
            body: body)
    }
}

extension [AppendOutcome] {
    /// The offsets of what was stored now.
    var storedOffsets: [Offset] {
        compactMap { if case .stored(let position, _) = $0 { position.offset } else { nil } }
    }
}
