import ChatProtocol
import Time

@testable import Chat

/// One hub with an archive in memory and a clock of its own. What the hub asks of archive and broker is
/// answered at once while `isAnswering`, otherwise when the test says `answer` or `fail`.
final class HubHarness {
    let hub: Hub
    let archive: MemoryArchive
    let limits: Limits
    private(set) var now = Moment(instant: Instant(nanoseconds: 0), wall: WallTime(milliseconds: 1_000))
    var isAnswering = true
    /// Whether the archive begins a generation when the hub asks for one.
    var beginsGenerations = true
    /// Whether sessions answer the heartbeat.
    var isAlive = true
    /// What checking a token says; any other is refused. Only where the hub was made to ask for them.
    var tokens: [String: Result<Caller, TokenRefusal>] = [:]
    /// What the hub asked and nobody answered yet.
    private(set) var waiting: [Effect] = []
    private var slots: UInt32 = 0
    private var drafts: UInt64 = 0

    static let origin = OriginID(number: 1)
    static let elsewhere = OriginID(number: 2)

    /// A hub in which rooms `live:…` are ephemeral; `change` sets the limits the test is about.
    init(
        archive: MemoryArchive? = nil, identity: IdentityRule = .believed, hasBroker: Bool = true,
        _ change: (inout Limits) -> Void = { _ in }
    ) {
        var limits = Limits()
        change(&limits)
        self.limits = limits
        self.archive =
            archive
            ?? MemoryArchive(generation: ArchiveGeneration(number: 1)) { WallTime(milliseconds: 5_000) }
        hub = Hub(
            HubConfiguration(
                origin: Self.origin, limits: limits, rules: RoomRules(["live:": .ephemeral]),
                identity: identity, hasBroker: hasBroker),
            at: now)
    }

    // MARK: Facts

    /// Tells the hub a fact; everything it wants done, also after the answers.
    @discardableResult
    func handle(_ input: Input) -> [Effect] {
        var effects: [Effect] = []
        hub.handle(input, at: now, effects: &effects)
        return take(effects)
    }

    /// Lets time pass, stopping at each of the hub's deadlines.
    @discardableResult
    func advance(by duration: Duration) -> [Effect] {
        let end = now.instant + duration
        var all: [Effect] = []
        while let due = hub.deadline, due <= end {
            move(to: max(due, now.instant))
            all += pass()
        }
        move(to: end)
        return all + pass()
    }

    /// The wall clock is set back; the monotonic one knows nothing of it.
    func setWall(back duration: Duration) { now.wall.milliseconds -= duration.inMilliseconds }

    /// Answers everything that waits, from the archive.
    @discardableResult
    func answer() -> [Effect] {
        var all: [Effect] = []
        while !waiting.isEmpty {
            guard let fact = fact(for: waiting.removeFirst()) else { continue }
            all += pass(fact)
        }
        return all
    }

    /// Answers what waits now with failures; subscriptions are confirmed.
    @discardableResult
    func fail() -> [Effect] {
        let asked = waiting
        waiting = []
        return asked.reduce(into: []) { all, effect in
            if let failure = failure(for: effect) { all += pass(failure) }
        }
    }

    /// Forgets what waits: it is never answered.
    func forget() { waiting = [] }

    // MARK: Sessions

    /// A transport without `connect`.
    func open() -> SessionKey {
        let key = SessionKey(slot: slots, generation: 1)
        slots += 1
        handle(
            .opened(key, SessionSeed(name: "s\(key.slot)", guest: UserID(stringLiteral: "guest-\(key.slot)")))
        )
        return key
    }

    /// A session of that user.
    func connect(_ user: UserID = "ann", heartbeat: Connect.Heartbeat = .message) -> SessionKey {
        let key = open()
        send(key, .connect(Connect(user: user, heartbeat: heartbeat)))
        return key
    }

    /// A session of that caller, by a token of his.
    func connect(as caller: Caller, in rooms: RoomName...) -> SessionKey {
        let key = open()
        send(key, .connect(Connect(token: token(for: caller))))
        for room in rooms { send(key, .join(Join(room: room))) }
        return key
    }

    /// A token that says this.
    func token(for caller: Caller) -> String {
        let token = "token-\(tokens.count)"
        tokens[token] = .success(caller)
        return token
    }

    /// A session of that user in these rooms.
    func connect(_ user: UserID = "ann", in rooms: RoomName...) -> SessionKey {
        let key = connect(user)
        for room in rooms { send(key, .join(Join(room: room))) }
        return key
    }

    /// A session asks something.
    @discardableResult
    func send(_ key: SessionKey, _ command: Command, id: CommandID? = 1) -> [Effect] {
        handle(.command(key, Envelope(id: id, command: command)))
    }

    /// A session publishes under a client id of its own.
    @discardableResult
    func publish(_ key: SessionKey, _ room: RoomName, _ body: String = "1", id: CommandID? = 1) -> [Effect] {
        drafts += 1
        let publish = Publish(
            room: room, clientID: ClientID(stringLiteral: "c\(drafts)"), body: Array(body.utf8))
        return send(key, .publish(publish), id: id)
    }

    // MARK: Elsewhere

    /// Publications that somebody stores by another hub; this one hears nothing of it.
    @discardableResult
    func store(_ count: Int, in room: RoomName, body: String = "1") -> [Publication] {
        let key = RoomKey(tenant: .default, name: room)
        return (0..<count).compactMap { _ in
            drafts += 1
            let draft = Draft(
                token: drafts, room: key, user: "bob", name: nil,
                clientID: ClientID(stringLiteral: "e\(drafts)"),
                body: Array(body.utf8))
            guard case .stored(let position, let time) = archive.append([draft])[0].outcome else {
                return nil
            }
            return Publication(draft, position: position, time: time)
        }
    }

    /// Another hub tells something.
    @discardableResult
    func hear(_ content: News.Content, in room: RoomName, from origin: OriginID = elsewhere) -> [Effect] {
        handle(.news(News(origin: origin, room: RoomKey(tenant: .default, name: room), content: content)))
    }

    /// Another hub tells these publications.
    @discardableResult
    func hear(_ publications: [Publication]) -> [Effect] {
        publications.flatMap { hear(.publication($0), in: $0.room) }
    }

    /// The archive's sweep tells how far a room is, or was when `head` was its head.
    @discardableResult
    func sweep(_ room: RoomName, head: Offset? = nil, epoch: Epoch? = nil) -> [Effect] {
        let key = RoomKey(tenant: .default, name: room)
        let moved = archive.heads(of: [key]).map { now in
            RoomHead(room: key, epoch: epoch ?? now.epoch, head: head ?? now.head)
        }
        return handle(.moved(moved))
    }

    // MARK: Inside

    private func move(to instant: Instant) {
        let passed = (instant - now.instant).inMilliseconds
        now = Moment(instant: instant, wall: WallTime(milliseconds: now.wall.milliseconds + passed))
    }

    private func pass() -> [Effect] {
        var effects: [Effect] = []
        hub.advance(to: now, effects: &effects)
        return take(effects)
    }

    private func pass(_ input: Input) -> [Effect] {
        var effects: [Effect] = []
        hub.handle(input, at: now, effects: &effects)
        waiting += effects.filter(\.wantsAnswer)
        return effects
    }

    private func take(_ effects: [Effect]) -> [Effect] {
        waiting += effects.filter(\.wantsAnswer)
        var all = effects
        for case .push(let key, .ping) in effects where isAlive { all += pass(.heard(key)) }
        return isAnswering ? all + answer() : all
    }

    private func fact(for effect: Effect) -> Input? {
        switch effect {
        case .append(let draft): return .settled(archive.append([draft]))
        case .openRoom(let room, let tail, let bytes):
            return .roomOpened(room, .success(archive.open(room, tail: tail, tailBytes: bytes)))
        case .read(let id, let room, let range, let limit, let bytes):
            return .pageRead(id, .success(archive.read(room, range, limit: limit, bytes: bytes)))
        case .listRooms(let id, let user, let after, let limit):
            return .roomsListed(id, .success(archive.rooms(of: user, after: after, limit: limit)))
        case .readHeads(let rooms): return .headsRead(.success(archive.heads(of: rooms)))
        case .beginGeneration(let doubted):
            if beginsGenerations { archive.newGeneration(after: doubted) }
            return nil
        case .remember(let user, let room, let joined):
            archive.remember(user, in: room, joined: joined)
            return nil
        case .subscribe(let room): return .subscribed(room)
        case .verify(let key, let token):
            return .verified(key, tokens[token] ?? .failure(.refused("It is none of ours.")))
        default: return nil
        }
    }

    private func failure(for effect: Effect) -> Input? {
        let error = ArchiveError(reason: "it is away")
        switch effect {
        case .append(let draft): return .settled([Settlement(token: draft.token, outcome: .unavailable)])
        case .openRoom(let room, _, _): return .roomOpened(room, .failure(error))
        case .read(let id, _, _, _, _): return .pageRead(id, .failure(error))
        case .listRooms(let id, _, _, _): return .roomsListed(id, .failure(error))
        case .readHeads: return .headsRead(.failure(error))
        case .verify(let key, _): return .verified(key, .failure(.unavailable))
        case .subscribe(let room): return .subscribed(room)
        default: return nil
        }
    }
}

extension Effect {
    /// Archive and broker have something to do.
    fileprivate var wantsAnswer: Bool {
        switch self {
        case .append, .openRoom, .read, .listRooms, .readHeads, .beginGeneration, .remember, .subscribe,
            .verify:
            true
        default: false
        }
    }
}
