import Bytes
import Networking

/// Is told what one connection to Redis does.
protocol RedisLinkDelegate: AnyObject {
    /// Redis took the greeting: commands may be sent.
    func isReady(_ link: RedisLink)
    /// A piece of a reply came, behind the greeting's; errors are not among them.
    func received(_ token: RedisToken, _ text: Span<UInt8>, on link: RedisLink)
    /// It is over: told once, and nothing follows it.
    func ended(_ link: RedisLink, because failure: RedisFailure)
}

/// One connection to Redis: greets it, sends commands, and takes the replies apart. Any error ends it.
///
/// It does not connect, and does not come back by itself.
final class RedisLink: TCPSocketDelegate, RedisTokenHandler {
    private enum State { case greeting, ready, ended }

    /// What a command of the greeting must answer.
    private enum Greeting {
        /// Something that is no error.
        case success
        /// Anything: a user may lack the right to it, and nothing depends on it.
        case anything
        /// The server's role, which must not be a replica's; anything else is as good as no answer.
        case role
    }

    let place: RedisTarget.Place
    private let socket: TCPSocket
    private let reader = RedisReader()
    private unowned let delegate: any RedisLinkDelegate
    private var state = State.greeting
    private var expected: [Greeting] = []
    private var hasAnswered = false

    /// Greets the server at the other end of `socket`, as the client `name`.
    init(_ socket: TCPSocket, to place: RedisTarget.Place, name: String, delegate: any RedisLinkDelegate) {
        self.socket = socket
        self.place = place
        self.delegate = delegate
        socket.delegate = self
        // The canary notices a dead server sooner; this is for the connection that is not ready yet. A socket
        // that refuses is about to end.
        try? socket.setKeepAlive(idle: .seconds(5), interval: .seconds(2), count: 3)
        if let password = place.password {
            greet(.success, place.user.map { ["AUTH", $0, password] } ?? ["AUTH", password])
        }
        if place.database != 0 { greet(.success, ["SELECT", String(place.database)]) }
        greet(.anything, ["CLIENT", "SETNAME", name])
        greet(.role, ["ROLE"])
    }

    /// How many bytes wait to be written.
    var queuedBytes: Int { socket.queuedBytes }

    private func greet(_ greeting: Greeting, _ words: [String]) {
        expected.append(greeting)
        var command = RedisCommand()
        for word in words { command.add(word) }
        send(command)
    }

    /// Queues a command; it leaves at the end of the turn.
    func send(_ command: RedisCommand) {
        command.withFormatted { socket.send(copying: $0) }
    }

    /// Ends it without telling the delegate.
    func abort() {
        state = .ended
        socket.abort()
    }

    private func fail(_ failure: RedisFailure) {
        guard state != .ended else { return }
        abort()
        delegate.ended(self, because: failure)
    }

    // MARK: Replies

    func received(_ token: RedisToken, _ text: Span<UInt8>) {
        hasAnswered = true
        switch state {
        case .ended: break
        case .ready:
            if token.kind == .error { return refuse(text) }
            delegate.received(token, text, on: self)
        case .greeting: greeted(token, text)
        }
    }

    private func greeted(_ token: RedisToken, _ text: Span<UInt8>) {
        switch (expected.first, token.kind) {
        case (.role, .string) where token.depth == 1 && token.index == 0:
            // "slave" is what Redis calls it.
            if String(validating: text) == "slave" { fail(.replica(place)) }
        case (.role, .error), (.anything, .error):
            // Without a password everything is refused for want of one; a missing right is no harm here.
            let words = String(validating: text) ?? ""
            if !words.hasPrefix("NOPERM") && !words.hasPrefix("ERR unknown") { refuse(text) }
        case (_, .error): refuse(text)
        default: break
        }
    }

    private func refuse(_ text: Span<UInt8>) {
        fail(.refused(place, String(validating: text) ?? "an error that is not UTF-8"))
    }

    func replyEnded() -> Bool {
        if state == .greeting {
            expected.removeFirst()
            if expected.isEmpty {
                state = .ready
                delegate.isReady(self)
            }
        }
        return state != .ended
    }

    // MARK: The socket

    func received(_ bytes: Span<UInt8>, on socket: TCPSocket) {
        do throws(RedisReaderError) {
            try reader.feed(bytes, to: self)
        } catch {
            fail(.foreign(place, error))
        }
    }

    func peerEnded(_ socket: TCPSocket) { fail(.closed(place, hasAnswered: hasAnswered, .peerGone)) }

    func drained(_ socket: TCPSocket) {}

    func closed(_ socket: TCPSocket, because reason: ConnectionEnd) {
        fail(.closed(place, hasAnswered: hasAnswered, reason))
    }
}
