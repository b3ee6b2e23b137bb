import Bytes
import JSON
import Networking
import Time

/// One (room, sender) or one listener of a room, with a connection of its own: comes back like a real client
/// (chat.md §13), keeps its position, and keeps its drafts until they are settled.
final class User: TimerHandler, ChatConnectionOwner {
    enum Phase { case away, connecting, connected, gone }
    enum Question { case connect, join, history, publish(Int) }
    private enum Alarm: Int { case comeBack, goaway, retry }

    let stage: Stage
    let play: RoomPlay
    /// Who it is for the server.
    let name: String
    /// Whether it only listens.
    let isListener: Bool
    var view: RoomView
    var outbox: Outbox
    var phase = Phase.away
    var connection: ChatConnection?
    var questions: [Int64: Question] = [:]
    var retryTimer: TimerID?
    private var nextID: Int64 = 1
    /// Its number among the subscribers of its kind in the room.
    let ordinal: Int
    private let home: Int
    /// After a loss it tries the instances in turn instead of its own again and again.
    private let roams: Bool
    private var attempts = 0
    private var connections = 0
    private var backoff = Backoff()
    private var silenceLimit: Duration = .seconds(45)
    private var connectedAt: Instant?
    /// The time the server chose for us.
    private var comeBackAt: Instant?
    private var goawayTimer: TimerID?
    private var comeBackTimer: TimerID?

    /// The `ordinal`th subscriber of its room; instances and habits go round by it.
    init(
        _ name: String, ordinal: Int, in play: RoomPlay, drafts: [Int], isListener: Bool, of stage: Stage
    ) {
        self.name = name
        self.play = play
        self.stage = stage
        self.isListener = isListener
        self.ordinal = ordinal
        let count = stage.options.targets.count
        home = (ordinal + play.room) % count
        roams = (ordinal / count) % 2 == 1
        // Half of the listeners ask for nothing of the past.
        view = RoomView(fromNow: isListener && (ordinal / 2) % 2 == 1)
        outbox = Outbox(drafts)
    }

    /// Whether all its drafts are settled.
    var hasSaidAll: Bool { outbox.isDone }

    /// Connects for the first time.
    func start() { connect() }

    /// Leaves for good.
    func leave() {
        phase = .gone
        connection?.leave()
        connection = nil
        for timer in [retryTimer, goawayTimer, comeBackTimer] { if let timer { stage.loop.cancel(timer) } }
    }

    /// Looks at the clock: a silent connection is dead (chat.md §11).
    func tick() {
        guard let connection else { return }
        let limit = phase == .connecting ? .seconds(10) : silenceLimit
        let since = phase == .connecting ? connection.begun : connection.lastHeard
        if stage.loop.now - since > limit { connection.giveUp("silence") }
    }

    private func connect() {
        guard phase == .away else { return }
        phase = .connecting
        let count = stage.options.targets.count
        let target = roams ? (home + attempts) % count : home
        attempts += 1
        connections += 1
        if connections > 1 { stage.tally.reconnects += 1 }
        connection = ChatConnection(to: target, by: stage.dialer, asking: stage.request, owner: self)
    }

    func opened(_ connection: ChatConnection) {
        ask(.connect) { id in
            ClientLine.connect(
                id: id, token: stage.options.tokens?[name], user: name, room: play.name, since: view.since)
        }
    }

    /// Sends a command and remembers what it was.
    func ask(_ question: Question, _ line: (Int64) -> [UInt8]) {
        questions[nextID] = question
        connection?.send(line(nextID))
        nextID += 1
    }

    func ended(_ connection: ChatConnection, _ ending: ChatConnection.Ending) {
        guard self.connection === connection else { return }
        self.connection = nil
        questions = [:]
        view.disconnected()
        for draft in outbox.open where !stage.ledger.drafts[draft].isREST { stage.ledger.settle(draft) }
        guard phase != .gone else { return }
        phase = .away
        if let timer = goawayTimer.take() { stage.loop.cancel(timer) }
        if let since = connectedAt.take() { backoff.ended(after: stage.loop.now - since) }
        guard mayComeBack(after: ending) else {
            phase = .gone
            play.changed()
            return
        }
        let now = stage.loop.now
        let wait = comeBackAt.take() ?? now + backoff.wait(Double.random(in: 0..<1))
        comeBackTimer = stage.loop.schedule(self, token: Alarm.comeBack.rawValue, at: max(now, wait))
    }

    /// Chat.md §13: what its table says of every ending. What we cannot come back from is a violation.
    private func mayComeBack(after ending: ChatConnection.Ending) -> Bool {
        switch ending {
        case .broken: return true
        case .failed(let sentence):
            violation(.protocolBroken, sentence)
            return true
        case .refused(let status):
            if status == 429 || status >= 500 { return true }
            violation(.refused, "the handshake was answered \(status)")
            return false
        case .closed(let code, let reason):
            stage.tally.closes[code, default: 0] += 1
            if let afterMs = Self.afterMs(reason) { comeBackAt = stage.loop.now + .milliseconds(afterMs) }
            guard code >= 4500 || [1002, 1003, 1007, 1009].contains(code) else { return true }
            violation(.refused, "closed with \(code): \(String(decoding: reason, as: UTF8.self))")
            return false
        }
    }

    /// `{"afterMs":1500}`; nil for any other text.
    static func afterMs(_ reason: [UInt8]) -> Int64? {
        let line = Array("{\"goaway\":".utf8) + reason + [UInt8(ascii: "}")]
        guard case .goaway(let afterMs)? = try? ServerLine(line.span), afterMs > 0 else { return nil }
        return afterMs
    }

    /// The answer to `connect` came.
    func connected(_ answer: ConnectAnswer) {
        phase = .connected
        connectedAt = stage.loop.now
        silenceLimit = .milliseconds(answer.pingMs + answer.pongMs)
        backoff.configure(first: .milliseconds(answer.minMs), most: .milliseconds(answer.maxMs))
        if let room = answer.rooms.first { joined(room) }
        sendOpen()
    }

    /// `goaway`: the server closes soon; if it does not, we do.
    func goAway(afterMs: Int64) {
        let deadline = stage.loop.now + .milliseconds(afterMs)
        comeBackAt = deadline
        if let timer = goawayTimer.take() { stage.loop.cancel(timer) }
        goawayTimer = stage.loop.schedule(self, token: Alarm.goaway.rawValue, at: deadline)
    }

    func timerFired(token: Int) {
        switch Alarm(rawValue: token) {
        case .comeBack:
            comeBackTimer = nil
            connect()
        case .goaway:
            goawayTimer = nil
            connection?.giveUp("goaway")
        case .retry:
            retryTimer = nil
            retry()
        case nil: break
        }
    }

    /// Calls `retry` at `instant`, or earlier if that was asked for already.
    func wakeForRetry(at instant: Instant) {
        if let timer = retryTimer { stage.loop.cancel(timer) }
        retryTimer = stage.loop.schedule(self, token: Alarm.retry.rawValue, at: instant)
    }

    /// Something that should not have happened to this user.
    func violation(_ kind: Violation.Kind, _ sentence: String) {
        stage.tally.violations.add(kind, "\(play.label): \(name): \(sentence)")
    }
}
