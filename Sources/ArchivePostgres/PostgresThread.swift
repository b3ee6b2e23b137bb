import ArchiveThread
import Chat
import ChatProtocol
import Networking
import Time

/// What became of starting the thread.
enum PostgresOpening: Sendable {
    case opened(Mailbox<ArchiveRequest>)
    case failed(SystemError)
}

/// The archive's own thread: takes what the workers ask, and hands it to the lanes, the read desk and the
/// sweeper. Nothing on it waits.
final class PostgresThread: MailboxHandler {
    /// What all parts share.
    struct Parts {
        let desk: SettlementDesk
        let rooms: RoomCache
        let board: HealthBoard
        let meter: ArchiveMeter
    }

    private enum Alarm: Int { case closing }

    /// How long what was accepted may still take after `close`.
    private static let closingTime = Duration.seconds(8)
    private static let readers = 2

    private let loop: EventLoop
    private let parts: Parts
    private let resolver: NameResolver
    private let lanes: [AppendLane]
    private let reads: ReadDesk
    private var sweeper: Sweeper?
    private var isClosing = false
    private var isPrepared = false
    private var endpoints: [Mailbox<ArchiveAnswer>] = []

    /// The thread's whole life: says to `opening` where it is reached, and works until it is told to close.
    static func run(
        _ target: PostgresTarget, lanes: Int, on loop: EventLoop, opening: Mailbox<PostgresOpening>,
        meter: ArchiveMeter, condition: PostgresCondition,
        report: @escaping @Sendable (ArchiveEvent) -> Void
    ) {
        do {
            let parts = Parts(
                desk: SettlementDesk(meter: meter), rooms: RoomCache(),
                board: HealthBoard(condition, report: report), meter: meter)
            let thread = try PostgresThread(target, lanes: lanes, on: loop, parts)
            let receiver = try MailboxReceiver(on: loop, handler: thread)
            opening.post(.opened(receiver.mailbox))
            try thread.work()
            // From here on requests are dropped; their endpoints answer them when they hear that this ended.
            receiver.close()
            for endpoint in thread.endpoints { endpoint.post(.closed) }
        } catch { opening.post(.failed(error)) }
    }

    private init(_ target: PostgresTarget, lanes: Int, on loop: EventLoop, _ parts: Parts)
        throws(SystemError)
    {
        self.loop = loop
        self.parts = parts
        let resolver = try NameResolver(on: loop)
        self.resolver = resolver
        func link() -> PostgresLink {
            PostgresLink(to: target, on: loop, resolver: resolver, settings: Self.settings)
        }
        self.lanes = (1...lanes).map { AppendLane("lane \($0)", link(), on: loop, of: parts) }
        reads = ReadDesk((1...Self.readers).map { _ in link() }, on: loop, of: parts)
        sweeper = Sweeper(link(), on: loop, of: parts) { [weak self] in self?.prepared() }
    }

    /// What the server is told of each connection: nobody waits long for a lock, a client that went is
    /// noticed while its statement runs, one whose machine went is noticed in seconds (it may hold locks of
    /// rooms), and no statement takes the time to be compiled.
    static let settings = [
        "lock_timeout": "2s", "client_connection_check_interval": "1s", "statement_timeout": "10s",
        "tcp_keepalives_idle": "5", "tcp_keepalives_interval": "2", "tcp_keepalives_count": "3",
        "tcp_user_timeout": "10000", "jit": "off",
    ]

    func received(_ messages: [ArchiveRequest]) {
        for message in messages {
            switch message {
            case .endpoint(let number, let mailbox): add(number, mailbox)
            case .close: close()
            // What comes after `close` is answered by the end of the thread.
            case _ where isClosing: break
            case .watchClosely(let endpoint, let closely): sweeper?.watchClosely(endpoint, closely)
            case .beginGeneration(let doubted): sweeper?.beginGeneration(after: doubted)
            case .append(let owner, let drafts): accept(drafts, owner)
            case .read(let owner, let read): reads.ask(read, owner)
            case .remember(let membership, let joined): reads.remember(membership, joined: joined)
            }
        }
        // All that came together goes together.
        for lane in lanes { lane.pump() }
        reads.pump()
    }

    private func add(_ number: UInt64, _ mailbox: Mailbox<ArchiveAnswer>) {
        endpoints.append(mailbox)
        parts.desk.add(number, mailbox)
        sweeper?.tell(mailbox)
    }

    private func accept(_ drafts: [Draft], _ owner: RequestOwner) {
        var shares: [[BatchBuilder.Item]] = Array(repeating: [], count: lanes.count)
        for item in parts.desk.accept(drafts, owner, at: loop.now) {
            shares[item.draft.room.lane(of: lanes.count)].append(item)
        }
        for (lane, share) in zip(lanes, shares) where !share.isEmpty { lane.add(share) }
    }

    private func close() {
        if isClosing { return }
        isClosing = true
        _ = loop.schedule(self, token: Alarm.closing.rawValue, at: loop.now + Self.closingTime)
    }

    private func work() throws(SystemError) {
        for lane in lanes { lane.prepare() }
        sweeper?.start()
        while !(isClosing && parts.desk.isEmpty && reads.isIdle) { try loop.turn() }
        sweeper?.stop()
        for lane in lanes { lane.stop() }
        reads.stop()
        resolver.close()
        sweeper = nil
    }

    /// The schema is in order: the others may connect.
    private func prepared() {
        if isPrepared { return }
        isPrepared = true
        for lane in lanes { lane.link.start(for: lane) }
        reads.start()
    }
}

extension PostgresThread: TimerHandler {
    func timerFired(token: Int) {
        for lane in lanes { lane.giveUp() }
        reads.giveUp()
    }
}
