import Chat
import ChatProtocol
import Testing

/// A harness, and verbs that wait for the answer.
final class Bench {
    private let harness: any ArchiveHarness
    private var lastToken: UInt64 = 0

    init(_ harness: any ArchiveHarness) { self.harness = harness }

    func endpoint() throws -> any Archive { try harness.endpoint() }
    func restart() throws { try harness.restart() }
    func beginGeneration() throws { try harness.beginGeneration() }
    func run(until isDone: () -> Bool) throws { try harness.run(until: isDone) }

    func room(_ name: String, tenant: TenantID = .default) throws -> RoomKey {
        RoomKey(tenant: tenant, name: try RoomName(name))
    }

    func draft(
        _ room: RoomKey, _ clientID: String, body: String = "\"hello\"", user: String = "ann",
        name: String? = nil
    ) throws -> Draft {
        lastToken += 1
        return Draft(
            token: lastToken, room: room, user: try UserID(user), name: name,
            clientID: try ClientID(clientID),
            body: Array(body.utf8))
    }

    /// `count` drafts to one room, client ids `prefix` and a number from 1 on.
    func drafts(_ room: RoomKey, _ prefix: String, count: Int, user: String = "ann") throws -> [Draft] {
        try (1...count).map { try draft(room, "\(prefix)\($0)", body: "\"\(prefix)\($0)\"", user: user) }
    }

    /// The outcomes, in the order of `drafts`; each draft is settled exactly once.
    func append(_ drafts: [Draft], to archive: any Archive) throws -> [AppendOutcome] {
        let collector = Collector()
        archive.append(drafts) { collector.take($0) }
        #expect(collector.outcomes.isEmpty, "completions never run inside the call")
        try run { collector.outcomes.count >= drafts.count }
        return try drafts.map { try #require(collector.outcomes[$0.token]) }
    }

    /// Stores drafts that must be stored, and returns the offsets they got.
    @discardableResult
    func store(_ drafts: [Draft], in archive: any Archive) throws -> [Offset] {
        try append(drafts, to: archive).map { outcome in
            guard case .stored(let position, _) = outcome else {
                Issue.record("\(outcome) instead of stored")
                return 0
            }
            return position.offset
        }
    }

    func open(_ room: RoomKey, tail: Int = 0, tailBytes: Int = .max, in archive: any Archive) throws
        -> ArchivePage
    {
        try answer { archive.open(room, tail: tail, tailBytes: tailBytes, completion: $0) }.get()
    }

    func read(
        _ room: RoomKey, _ range: PageRange, limit: Int = 100, bytes: Int = .max, in archive: any Archive
    ) throws -> ArchivePage {
        try answer { archive.read(room, range, limit: limit, bytes: bytes, completion: $0) }.get()
    }

    func heads(of rooms: [RoomKey], in archive: any Archive) throws -> [RoomHead] {
        try answer { archive.heads(of: rooms, completion: $0) }.get()
    }

    func rooms(of user: UserKey, after: String? = nil, limit: Int = 100, in archive: any Archive) throws
        -> RoomsPage
    {
        let after = try after.map { try RoomName($0) }
        return try answer { archive.rooms(of: user, after: after, limit: limit, completion: $0) }.get()
    }

    private func answer<Answer>(_ ask: (@escaping (Answer) -> Void) -> Void) throws -> Answer {
        let box = Box<Answer>()
        ask { box.answers.append($0) }
        #expect(box.answers.isEmpty, "completions never run inside the call")
        try run { !box.answers.isEmpty }
        #expect(box.answers.count == 1)
        return try #require(box.answers.first)
    }
}

private final class Box<Answer> {
    var answers: [Answer] = []
}

/// What became of drafts that several completions told of.
final class Collector {
    private(set) var outcomes: [UInt64: AppendOutcome] = [:]

    func take(_ settlements: [Settlement]) {
        for settlement in settlements {
            #expect(outcomes[settlement.token] == nil, "a draft is settled once")
            outcomes[settlement.token] = settlement.outcome
        }
    }
}

extension ArchivePage {
    var offsets: [Offset] { publications.compactMap { $0.position?.offset } }
    var bodies: [String] { publications.map { String(decoding: $0.body, as: UTF8.self) } }
}

extension AppendOutcome {
    /// The place told, whether new or known.
    var position: StreamPosition? {
        switch self {
        case .stored(let position, _), .repeated(let position, _): position
        default: nil
        }
    }

    var isRepeat: Bool { if case .repeated = self { true } else { false } }
    var isStored: Bool { if case .stored = self { true } else { false } }
}
