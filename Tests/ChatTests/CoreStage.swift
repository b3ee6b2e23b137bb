import Chat
import ChatProtocol
import TestKit
import Time

/// A hub, the codec and an archive in memory, and nothing else: the stage whose clock can be turned.
///
/// It does what the gateway's transports do, so far as a transcript can see it.
final class CoreStage: TranscriptStage {
    private final class Connection {
        let key: SessionKey
        var said: [TranscriptArrival] = []
        /// What a client that does not read has not taken.
        var queued: [TranscriptArrival] = []
        var queuedBytes = 0
        var reads = true
        var isCongested = false
        var isOpen = true

        init(_ key: SessionKey) { self.key = key }
    }

    private let hub: Hub
    private let limits: Limits
    private let archive: MemoryArchiveEndpoint
    private let clock: StageClock
    /// What the transcript's tokens say.
    private let tokens: [String: Caller]
    private var connections: [Int: Connection] = [:]
    private var bySlot: [UInt32: Connection] = [:]
    private var lastSlot: UInt32 = 0
    /// Facts that the hub is told after the present one.
    private var inbox: [Input] = []

    init(for transcript: Transcript) {
        var limits = Limits()
        transcript.apply(to: &limits)
        self.limits = limits
        let clock = StageClock()
        self.clock = clock
        archive = MemoryArchiveEndpoint(
            of: MemoryArchive(generation: ArchiveGeneration(number: 1)) { clock.moment.wall })
        tokens = transcript.callers(since: clock.moment.wall)
        hub = Hub(
            HubConfiguration(
                origin: OriginID(number: 1), limits: limits, rules: RoomRules(["live:": .ephemeral]),
                identity: tokens.isEmpty ? .believed : .proven),
            at: clock.moment)
    }

    // MARK: What clients do

    func send(_ text: String, by client: Int) throws {
        let connection = connection(of: client)
        let message = Array(text.utf8)
        var decoder = EnvelopeDecoder(
            limits: .init(bodyBytes: limits.announced.bodyBytes, rooms: limits.announced.roomsPerSession))
        while connection.isOpen, let line = decoder.next(in: message.span) {
            switch line {
            case .command(let envelope): tell(.command(connection.key, envelope))
            case .refused(let id, let error): tell(.malformed(connection.key, id, error))
            case .broken(let frame):
                end(connection, Disconnect(.badFrame), sentence: frame.sentence)
                tell(.undecodable(connection.key))
            }
        }
        settle()
    }

    func next(for client: Int) -> TranscriptArrival? {
        guard let connection = connections[client], !connection.said.isEmpty else { return nil }
        return connection.said.removeFirst()
    }

    func rest(for client: Int) -> [TranscriptArrival] { connections[client]?.said ?? [] }

    func disconnect(_ client: Int) {
        guard let connection = connections.removeValue(forKey: client) else { return }
        tell(.closed(connection.key))
        settle()
    }

    func setReading(_ reads: Bool, by client: Int) {
        guard let connection = connections[client] else { return }
        connection.reads = reads
        guard reads else { return }
        connection.said += connection.queued
        connection.queued = []
        connection.queuedBytes = 0
        guard connection.isCongested else { return }
        connection.isCongested = false
        tell(.drained(connection.key))
        settle()
    }

    func advance(milliseconds: Int) {
        let end = clock.moment.instant + .milliseconds(milliseconds)
        while let due = hub.deadline, due <= end {
            clock.advance(to: due)
            var effects: [Effect] = []
            hub.advance(to: clock.moment, effects: &effects)
            for effect in effects { run(effect) }
            settle()
        }
        clock.advance(to: end)
    }

    func drain(afterMs: Int) {
        tell(.drain(afterMs: afterMs))
        settle()
    }

    private func connection(of client: Int) -> Connection {
        if let connection = connections[client], connection.isOpen { return connection }
        lastSlot += 1
        let connection = Connection(SessionKey(slot: lastSlot, generation: 0))
        connections[client] = connection
        bySlot[lastSlot] = connection
        guard let guest = try? UserID("guest-\(lastSlot)") else { preconditionFailure("a guest is a user") }
        tell(.opened(connection.key, SessionSeed(name: "session-\(lastSlot)", guest: guest)))
        return connection
    }

    // MARK: What the hub does

    private func tell(_ input: Input) {
        var effects: [Effect] = []
        hub.handle(input, at: clock.moment, effects: &effects)
        for effect in effects { run(effect) }
    }

    /// Until nothing is under way any more.
    private func settle() {
        while true {
            let facts = inbox
            inbox = []
            for fact in facts { tell(fact) }
            if !archive.isIdle { archive.deliver() } else if inbox.isEmpty { return }
        }
    }

    private func run(_ effect: Effect) {
        switch effect {
        case .reply(let key, let id, let reply): say(EnvelopeEncoder.bytes(of: reply, id: id), to: key)
        case .push(let key, let push): say(EnvelopeEncoder.bytes(of: push), to: key)
        case .fanout(let push, let keys):
            for key in keys { say(EnvelopeEncoder.bytes(of: push), to: key) }
        case .disconnect(let key, let disconnect):
            if let connection = bySlot[key.slot] { end(connection, disconnect, sentence: nil) }
        case .subscribe(let room): inbox.append(.subscribed(room))
        case .verify(let key, let token):
            let refusal = TokenRefusal.refused("No such token.")
            inbox.append(.verified(key, tokens[token].map { .success($0) } ?? .failure(refusal)))
        case .pingFrame, .respond, .unsubscribe, .renew, .broadcast: break
        case .append(let draft): archive.append([draft]) { [unowned self] in inbox.append(.settled($0)) }
        case .openRoom(let room, let tail, let tailBytes):
            archive.open(room, tail: tail, tailBytes: tailBytes) { [unowned self] in
                inbox.append(.roomOpened(room, $0))
            }
        case .read(let id, let room, let range, let limit, let bytes):
            archive.read(room, range, limit: limit, bytes: bytes) { [unowned self] in
                inbox.append(.pageRead(id, $0))
            }
        case .listRooms(let id, let user, let after, let limit):
            archive.rooms(of: user, after: after, limit: limit) { [unowned self] in
                inbox.append(.roomsListed(id, $0))
            }
        case .readHeads(let rooms):
            archive.heads(of: rooms) { [unowned self] in inbox.append(.headsRead($0)) }
        case .beginGeneration(let doubted): archive.beginGeneration(after: doubted)
        case .remember(let user, let room, let joined): archive.remember(user, in: room, joined: joined)
        }
    }

    private func say(_ bytes: [UInt8], to key: SessionKey) {
        guard let connection = bySlot[key.slot], connection.isOpen else { return }
        let text = String(decoding: bytes, as: UTF8.self)
        guard let message = try? JSONValue(parsing: text) else { preconditionFailure("not JSON: \(text)") }
        if connection.reads { return connection.said.append(.message(message)) }
        connection.queued.append(.message(message))
        connection.queuedBytes += bytes.count
        guard connection.queuedBytes > limits.announced.queueBytes, !connection.isCongested else { return }
        connection.isCongested = true
        inbox.append(.congested(connection.key))
    }

    private func end(_ connection: Connection, _ disconnect: Disconnect, sentence: String?) {
        guard connection.isOpen else { return }
        connection.isOpen = false
        let reason = String(decoding: CloseReason.bytes(of: disconnect, sentence: sentence), as: UTF8.self)
        let close = TranscriptArrival.closed(
            code: disconnect.code.rawValue, reason: try? JSONValue(parsing: reason))
        if connection.reads { connection.said.append(close) } else { connection.queued.append(close) }
    }
}

/// Both clocks, moved by hand.
private final class StageClock {
    private(set) var moment = Moment(
        instant: Instant(nanoseconds: 0), wall: WallTime(milliseconds: 1_764_201_600_000))

    func advance(to instant: Instant) {
        moment.wall.milliseconds += (instant - moment.instant).inMilliseconds
        moment.instant = instant
    }
}
