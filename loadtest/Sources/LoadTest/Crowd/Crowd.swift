import Glibc
import Networking
import Time
import WebSocket

/// What a crowd does. All of it happens on the crowd's loop.
protocol CrowdScript: AnyObject {
    /// What a member says first; nil if it is there as soon as it is open.
    func greeting(of ordinal: Int) -> [UInt8]?
    /// All are there, and were told to go on.
    func begin(_ crowd: Crowd)
    /// A member that is there got a message; gone after the call.
    func received(_ message: Span<UInt8>, _ member: CrowdMember, of crowd: Crowd)
}

/// Many WebSockets that open, so many at a time, and then do what a script says, until it says that all is
/// done.
final class Crowd: TimerHandler {
    /// What is asked of it.
    struct Plan {
        /// How many connections.
        var count: Int
        /// So many of them are opened at a time.
        var atOnce = 64
        /// What each asks for.
        var request: WebSocketClient.Request
        /// After so long it has failed.
        var timeLimit: Duration
        /// Whether it waits, once all are there, for a line on standard input.
        var waits: Bool
    }

    let dialer: Dialer
    private(set) var members: [CrowdMember] = []
    /// From the beginning of the script to its end.
    private(set) var lasted: Duration = .zero
    /// How many connections are compressed.
    var compressed: Int { members.count { $0.connection?.isCompressing ?? false } }

    private let plan: Plan
    private let script: any CrowdScript
    private var present = 0
    private var begun: Instant?
    private var isDone = false
    private var failure: String?

    /// Nothing happens before `run`.
    init(_ plan: Plan, _ script: any CrowdScript, by dialer: Dialer) {
        self.plan = plan
        self.script = script
        self.dialer = dialer
    }

    /// Opens, waits, plays, and returns when the script is done.
    func run() throws {
        let loop = dialer.loop
        _ = loop.schedule(self, at: loop.now + plan.timeLimit)
        for _ in 0..<min(plan.atOnce, plan.count) { openNext() }
        do throws(SystemError) {
            while !isDone, failure == nil { try loop.turn() }
        } catch {
            throw Failure(status: 1, sentence: "cannot go on: \(error)")
        }
        if let failure { throw Failure(status: 1, sentence: failure) }
        for member in members { member.leave() }
        // What lasts longer is the kernel's to end.
        let deadline = Clock.instant + .seconds(3)
        while loop.descriptorCount > 0, Clock.instant < deadline {
            try? loop.turn(sleepingAtMost: .milliseconds(100))
        }
    }

    /// The script is over.
    func finish() {
        guard !isDone else { return }
        isDone = true
        if let begun { lasted = Clock.instant - begun }
    }

    /// It cannot go on.
    func fail(_ sentence: String) { failure = failure ?? sentence }

    /// The time is over.
    func timerFired(token: Int) {
        if !isDone { fail("not done after \(plan.timeLimit); \(present) of \(plan.count) are connected") }
    }

    private func openNext() {
        guard members.count < plan.count else { return }
        let member = CrowdMember(members.count, of: self)
        members.append(member)
        member.open(asking: plan.request)
    }

    fileprivate func opened(_ member: CrowdMember) {
        if let greeting = script.greeting(of: member.ordinal) {
            member.send(greeting)
        } else {
            entered(member)
        }
    }

    fileprivate func received(_ message: Span<UInt8>, _ member: CrowdMember) {
        if member.isPresent { return script.received(message, member, of: self) }
        do {
            switch try ServerLine(message) {
            case .answer: entered(member)
            case .failure(_, let fault): fail("connection \(member.ordinal) was refused: \(fault)")
            default: break
            }
        } catch {
            fail("connection \(member.ordinal) was not answered in JSON: \(error)")
        }
    }

    fileprivate func ended(_ member: CrowdMember, _ ending: ChatConnection.Ending) {
        guard !isDone else { return }
        let why = dialer.refusal.map { " (TLS: \($0))" } ?? ""
        fail("connection \(member.ordinal) of \(plan.count) ended: \(ending)\(why)")
    }

    private func entered(_ member: CrowdMember) {
        member.isPresent = true
        present += 1
        openNext()
        guard present == plan.count else { return }
        guard plan.waits else { return begin() }
        write(text: "open \(present)\n", to: STDOUT_FILENO)
        do throws(SystemError) {
            try StandardInput.awaitLine(on: dialer.loop) { [self] in begin() }
        } catch {
            fail("standard input must be a pipe or a terminal (\(error))")
        }
    }

    private func begin() {
        begun = Clock.instant
        script.begin(self)
    }
}

/// One WebSocket of a crowd.
final class CrowdMember: ChatConnectionOwner {
    /// From 0, in the order of opening.
    let ordinal: Int
    /// Whether it was greeted back.
    fileprivate(set) var isPresent = false
    fileprivate private(set) var connection: ChatConnection?
    /// How many messages of the script came.
    var heard = 0
    /// How many it sent.
    var said = 0
    private unowned let crowd: Crowd

    fileprivate init(_ ordinal: Int, of crowd: Crowd) {
        self.ordinal = ordinal
        self.crowd = crowd
    }

    fileprivate func open(asking request: WebSocketClient.Request) {
        connection = ChatConnection(
            to: ordinal % crowd.dialer.targets.count, by: crowd.dialer, asking: request, owner: self)
    }

    /// Sends a message.
    func send(_ text: [UInt8]) { connection?.send(text) }

    /// Says goodbye.
    func leave() { connection?.leave() }

    func opened(_ connection: ChatConnection) { crowd.opened(self) }

    func received(_ line: Span<UInt8>, on connection: ChatConnection) { crowd.received(line, self) }

    func ended(_ connection: ChatConnection, _ ending: ChatConnection.Ending) { crowd.ended(self, ending) }
}
