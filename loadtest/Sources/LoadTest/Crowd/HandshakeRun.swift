import Networking
import Time

/// Opens WebSockets one after the other, so many at a time, and gives each up as soon as it is open.
final class HandshakeRun: ChatConnectionOwner, TimerHandler {
    private let dialer: Dialer
    private let request: WebSocketClient.Request
    private let count: Int
    private let timeLimit: Duration
    private var begun = 0
    private var done = 0
    private var failure: String?
    private var open: [ObjectIdentifier: ChatConnection] = [:]

    /// Nothing happens before `run`.
    init(_ count: Int, by dialer: Dialer, asking request: WebSocketClient.Request, within limit: Duration) {
        self.count = count
        self.dialer = dialer
        self.request = request
        timeLimit = limit
    }

    /// Does all of them; how long it took.
    func run(atOnce: Int) throws -> Duration {
        let start = Clock.instant
        _ = dialer.loop.schedule(self, at: dialer.loop.now + timeLimit)
        for _ in 0..<min(atOnce, count) { beginNext() }
        do throws(SystemError) {
            while done < count, failure == nil { try dialer.loop.turn() }
        } catch {
            throw Failure(status: 1, sentence: "cannot go on: \(error)")
        }
        if let failure { throw Failure(status: 1, sentence: failure) }
        return Clock.instant - start
    }

    private func beginNext() {
        guard begun < count else { return }
        let connection = ChatConnection(
            to: begun % dialer.targets.count, by: dialer, asking: request, owner: self)
        begun += 1
        open[ObjectIdentifier(connection)] = connection
    }

    func timerFired(token: Int) { failure = failure ?? "not done after \(timeLimit)" }

    func opened(_ connection: ChatConnection) {
        open[ObjectIdentifier(connection)] = nil
        done += 1
        // A reset: thousands of these must not wait in TIME_WAIT.
        connection.abandon()
        beginNext()
    }

    func received(_ line: Span<UInt8>, on connection: ChatConnection) {}

    func ended(_ connection: ChatConnection, _ ending: ChatConnection.Ending) {
        let why = dialer.refusal.map { " (TLS: \($0))" } ?? ""
        failure = failure ?? "connection \(begun) ended: \(ending)\(why)"
    }
}
