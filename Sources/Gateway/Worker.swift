import ArchiveThread
import Chat
import ChatProtocol
import Logging
import Networking
import Random
import TLS
import Time
import TokensJWT
import WebSocket

/// One core's share of the gateway: a loop, a hub, listeners, and the connections they accepted. Nothing of
/// it is shared; another worker is reached through its mailbox, like another instance.
final class Worker: MailboxHandler, TurnHandler, TimerHandler {
    let loop: EventLoop
    let configuration: ServerConfiguration
    let log: Logger
    var counters = Counters()
    /// How fast WebSockets may send small frames, and how long a message may take.
    let pace: FramePace.Limits

    let index: Int
    private let server: Mailbox<ServerMessage>
    private let hub: Hub
    private let origin: OriginID
    private var runner: EffectRunner!
    private var archive: ArchiveEndpoint!
    private var link: BrokerLink?
    /// The archive may be faster than the other workers.
    private var clusterKey: [UInt8]?
    private var receiver: MailboxReceiver<WorkerMessage>!
    private var reception: Reception!
    /// Who is in the process, and how fast they come.
    let turnstile: Turnstile
    /// Who is believed about whose connection it is.
    let proxies: TrustedProxies
    private var others: [Mailbox<WorkerMessage>] = []

    private(set) var sessions = SessionTable()
    private(set) var http: HTTPConnections!
    private lazy var native = NativeDialect(limits: configuration.limits.announced)
    private lazy var chat = ChatHandler(native, worker: self)
    private lazy var echo = EchoHandler()
    /// Who reads too slowly.
    private(set) lazy var slowReaders = SlowReaders(worker: self)
    private var deferred: [() -> Void] = []
    private var spareEffects: [Effect] = []
    private var hubTimer: TimerID?
    private var hubTimerDue: Instant?
    private var drainDeadline: Instant?
    private var figures = FigureRounds()
    private var date = HTTPDate()
    /// What compresses this worker's WebSockets; nil where nothing does.
    let deflate: DeflatePool?
    let archiveHealth: @Sendable () -> ArchiveHealth
    /// Checks tokens; nil where there are none and everybody is believed.
    let verifier: JWTVerifier?

    init(
        index: Int, on loop: EventLoop, store: any ArchiveStore, tokens: TokenAuthority?,
        configuration: ServerConfiguration, turnstile: Turnstile, log: Logger,
        server: Mailbox<ServerMessage>
    ) throws {
        self.index = index
        self.loop = loop
        self.configuration = configuration
        self.turnstile = turnstile
        proxies = TrustedProxies(configuration.proxies)
        self.server = server
        self.log = log.with("worker", "\(index)")
        deflate = configuration.compression.map { DeflatePool($0) }
        pace = FramePace.Limits(configuration.limits.announced)
        archiveHealth = { ArchiveHealth(of: store) }
        origin = OriginID(number: randomUInt64())
        hub = Hub(
            HubConfiguration(
                origin: origin, limits: configuration.limits, rules: configuration.rules,
                identity: tokens == nil ? .believed : .proven, hasBroker: configuration.isBrokerWhole),
            at: loop.moment)
        verifier = tokens.map { JWTVerifier($0, on: loop) }
        archive = try store.endpoint(on: loop) { [unowned self] in received($0) }
        runner = EffectRunner(archive: archive, verifier: verifier, worker: self)
        http = HTTPConnections(worker: self)
        reception = Reception(worker: self)
        receiver = try MailboxReceiver(on: loop, handler: self)
        loop.atTurnEnd(self)
        server.post(.ready(worker: index, receiver.mailbox))
    }

    // MARK: Hub

    /// Tells the hub a fact and carries out what it answers.
    func tell(_ input: Input) {
        var effects = spareEffects
        spareEffects = []
        hub.handle(input, at: loop.moment, effects: &effects)
        runner.run(effects)
        effects.removeAll(keepingCapacity: true)
        spareEffects = effects
    }

    /// The end of a turn, before sockets flush: time passes for the hub, and batches leave.
    func turn() {
        while !deferred.isEmpty {
            let current = deferred
            deferred = []
            for action in current { action() }
        }
        if let due = hub.deadline, due <= loop.now { advance() }
        slowReaders.turn()
        runner.endTurn()
        setHubTimer()
        if drainDeadline != nil { finishDrain() }
    }

    private func advance() {
        var effects: [Effect] = []
        hub.advance(to: loop.moment, effects: &effects)
        runner.run(effects)
    }

    /// The hub's timers are its own; the loop only has to wake up in time.
    private func setHubTimer() {
        let due = hub.deadline
        guard due != hubTimerDue else { return }
        hubTimerDue = due
        guard let due else { return }
        if let timer = hubTimer, loop.reschedule(timer, at: due) { return }
        hubTimer = loop.schedule(self, at: due)
    }

    func timerFired(token: Int) { hubTimerDue = nil }

    // MARK: Sessions

    func transport(of key: SessionKey) -> (any Transport)? { sessions.transport(of: key) }

    /// Begins a session on a connection whose handshake is done.
    func beginSession(
        on socket: TCPSocket, _ connection: ConnectionID, of peer: Peer, at door: WebSocketDoor,
        deflate parameters: DeflateParameters?
    ) -> WebSocketTransport {
        let key = sessions.reserve()
        let name = sessionName(key)
        let handler: any MessageHandler = door == .echo ? echo : chat
        let transport = WebSocketTransport(
            socket, key: key, called: LogNames(connection: connection, session: name), dialect: native,
            handler: handler, deflate: makeDeflate(parameters), worker: self)
        sessions.fill(key, with: transport)
        counters.webSockets += 1
        if transport.framing != .webSocket { counters.deflatedWebSockets += 1 }
        log.debug("session opened", metadata: transport.names.metadata(["peer": "\(peer.address)"]))
        let seed = SessionSeed(name: name, guest: guestName(), expectsConnect: handler.expectsConnect)
        tell(.opened(key, seed))
        return transport
    }

    private func makeDeflate(_ parameters: DeflateParameters?) -> MessageDeflate? {
        guard let parameters, let deflate else { return nil }
        return MessageDeflate(parameters, as: .server, from: deflate)
    }

    /// A session's name tells its worker's hub, its place there, and is not to be guessed.
    private func sessionName(_ key: SessionKey) -> String {
        "\(String(origin.number, radix: 36)).\(index).\(key.slot).\(randomIdentifier(length: 16))"
    }

    private func guestName() -> UserID {
        guard let guest = try? UserID("guest-" + randomIdentifier(length: 10)) else {
            preconditionFailure("a guest's name is a user's name")
        }
        return guest
    }

    /// The transport's connection is gone.
    func ended(_ transport: WebSocketTransport) {
        tell(.closed(transport.key))
        sessions.release(transport.key)
        counters.connections -= 1
        if transport.framing != .webSocket { counters.deflatedWebSockets -= 1 }
    }

    // MARK: Connections

    /// The Date field of this moment.
    var httpDate: String { date.text(at: loop.moment) }

    func respond(_ id: RequestID, _ reply: Reply) { http.respond(id, reply) }

    // MARK: Other threads

    func received(_ messages: [WorkerMessage]) {
        for message in messages {
            switch message {
            case .begin(let start): begin(start)
            case .news(let news): link?.receive(news)
            case .figuresWanted(let asker, let round): asker.post(.figures(ownFigures(), round: round))
            case .figures(let theirs, let round): figures.add(theirs, round: round)
            case .certificates(let context): reception.secureDoor.context = context
            case .drain(let afterMs): drain(afterMs: afterMs)
            }
        }
    }

    private func received(_ news: ArchiveNews) {
        switch news {
        case .moved(let heads): tell(.moved(heads))
        case .compare: tell(.compare)
        case .clusterKey(let key):
            clusterKey = key
            link?.use(key: key)
        }
    }

    private func makeLink(_ start: WorkerStart) throws(SystemError) -> BrokerLink {
        let later: (@escaping () -> Void) -> Void = { [unowned self] in deferred.append($0) }
        let heard: (News) -> Void = { [unowned self] in tell(.news($0)) }
        let siblings = MemoryBroker(
            origin: origin, peers: start.others.map(WorkerCarrier.init), later: later, heard: heard)
        let link = BrokerLink(siblings: siblings, log: log) { [unowned self] isWell in
            archive.watchClosely(!isWell)
            tell(.brokerTurned(isWell: isWell))
        }
        if case .redis(let target) = configuration.broker {
            try link.connect(
                to: target, instance: start.instance, origin: origin, on: loop, later: later, heard: heard)
        }
        if let clusterKey { link.use(key: clusterKey) }
        return link
    }

    private func begin(_ start: WorkerStart) {
        others = start.others
        do {
            let link = try makeLink(start)
            self.link = link
            runner.use(link.broker)
            reception.secureDoor.context = start.tls
            server.post(.listening(worker: index, try reception.listen(at: start.addresses)))
        } catch {
            server.post(.failed(worker: index, error.description))
        }
    }

    /// Runs `done` with the figures of all workers, this one's first.
    func gatherFigures(_ done: @escaping ([WorkerFigures]) -> Void) {
        let round = figures.begin(own: ownFigures(), expecting: others.count, done)
        for other in others { other.post(.figuresWanted(by: receiver.mailbox, round: round)) }
    }

    private func ownFigures() -> WorkerFigures {
        counters.queuedBytes = sessions.queuedBytes
        counters.withoutDescriptor = reception.withoutDescriptor
        counters.certificateEnds = reception.secureDoor.context?.notAfter
        return WorkerFigures(
            counters: counters, hub: hub.counted, deflate: deflate?.statistics, broker: link?.figures,
            tokens: verifier?.statistics)
    }

    // MARK: The end

    var isDraining: Bool { drainDeadline != nil }

    private func drain(afterMs: Int) {
        guard drainDeadline == nil else { return }
        drainDeadline = loop.now + .seconds(8)
        reception.close()
        figures.end()
        http.drain()
        tell(.drain(afterMs: afterMs))
        _ = loop.schedule(self, at: loop.now + .seconds(8))
    }

    /// Ends the loop once the hub has settled everything and every connection is gone, or time is up.
    private func finishDrain() {
        guard let deadline = drainDeadline else { return }
        guard (hub.isDrained && counters.connections == 0) || deadline <= loop.now else { return }
        if counters.connections > 0 { log.warning("connections cut at the end of the drain") }
        server.post(.drained(worker: index))
        link?.close()
        receiver.close()
        loop.stop()
    }
}
