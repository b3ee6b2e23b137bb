import ArchiveContract
import ArchivePostgres
import ArchiveThread
import Chat
import ChatProtocol
import Networking
import TestServers
import Testing
import Time

/// An archive in a database of its own on a real server, with its thread, and a worker's loop on the test's
/// own. Several on one database are several instances.
final class PostgresHarness: ArchiveHarness {
    let loop: EventLoop
    let server: PostgresServer
    /// The database's address.
    let url: String
    private(set) var store: PostgresStore
    /// What the store told unasked.
    private(set) var news: [ArchiveNews] = []
    private let log: EventLog
    private let report: @Sendable (ArchiveEvent) -> Void

    init(on server: PostgresServer? = nil, url: String? = nil, lanes: Int = 4) throws {
        self.server = try server ?? .shared
        self.url = try url ?? self.server.makeDatabase()
        loop = try EventLoop()
        log = EventLog()
        let mailbox = try MailboxReceiver(on: loop, handler: log).mailbox
        report = { mailbox.post($0) }
        store = try PostgresStore.open(PostgresTarget(self.url), lanes: lanes, report: report)
    }

    deinit {
        store.close()
        loop.dismantle()
    }

    /// What the store reported and the loop has heard of.
    var events: [ArchiveEvent] { log.events }
    /// How many notices said this.
    func said(_ text: String) -> Int {
        events.count { event in
            if case .notice(let notice) = event { notice.contains(text) } else { false }
        }
    }
    /// The database's name.
    var database: String { String(url.split(separator: "/").last!) }
    /// What was told of rooms that moved.
    var moves: [RoomHead] {
        news.flatMap { news -> [RoomHead] in if case .moved(let heads) = news { heads } else { [] } }
    }

    func endpoint() throws -> any Archive { try archive() }

    /// An endpoint whose news are kept.
    func archive() throws -> ArchiveEndpoint {
        try store.endpoint(on: loop) { [weak self] in self?.news.append($0) }
    }

    func run(until isDone: () -> Bool) throws {
        let deadline = Clock.instant + .seconds(60)
        while !isDone() {
            try #require(Clock.instant < deadline, "the archive does not answer")
            try loop.turn(sleepingAtMost: .milliseconds(50))
        }
    }

    func restart() throws {
        store.close()
        store = try PostgresStore.open(PostgresTarget(url), report: report)
    }

    func beginGeneration() throws {
        store.close()
        _ = try PostgresStore.newGeneration(PostgresTarget(url))
        store = try PostgresStore.open(PostgresTarget(url), report: report)
    }

    /// Waits until the store is healthy.
    func settle() throws { try run { store.isHealthy } }

    /// Runs SQL in the database as its superuser.
    @discardableResult
    func sql(_ text: String) throws -> String { try server.psql(text, database: database) }

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

/// A room of the default tenant.
func room(_ name: String = "lobby") throws -> RoomKey {
    RoomKey(tenant: .default, name: try RoomName(name))
}

/// Drafts to one room, with tokens and client ids from `ids`.
func drafts(
    _ ids: ClosedRange<Int>, room name: String = "lobby", user: String = "ann", bodyBytes: Int = 4
) throws -> [Draft] {
    let key = try room(name)
    let body = Array(("\"" + String(repeating: "x", count: bodyBytes - 2) + "\"").utf8)
    return try ids.map {
        Draft(
            token: UInt64($0), room: key, user: try UserID(user), name: nil,
            clientID: try ClientID("c\($0)"), body: body)
    }
}

extension AppendOutcome {
    /// The place told, whether new or known.
    var position: StreamPosition? {
        switch self {
        case .stored(let position, _), .repeated(let position, _): position
        default: nil
        }
    }

    var isStored: Bool { if case .stored = self { true } else { false } }
    var isRepeat: Bool { if case .repeated = self { true } else { false } }
}
