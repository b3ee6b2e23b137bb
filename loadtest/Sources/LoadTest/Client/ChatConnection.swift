import Bytes
import JSON
import Networking
import Random
import Time

/// Is told what happens on one connection.
protocol ChatConnectionOwner: AnyObject {
    /// The handshake is done; `connect` may be sent.
    func opened(_ connection: ChatConnection)
    /// A line of the server; gone after the call.
    func received(_ line: Span<UInt8>, on connection: ChatConnection)
    /// It is over; nothing follows.
    func ended(_ connection: ChatConnection, _ ending: ChatConnection.Ending)
}

/// One WebSocket to an instance: connects, shakes hands, carries lines both ways, and ends once.
final class ChatConnection: TCPSocketDelegate {
    /// How it ended.
    enum Ending: Equatable {
        /// The server closed, or answered our close.
        case closed(code: UInt16, reason: [UInt8])
        /// The handshake was answered with this status.
        case refused(status: Int)
        /// The network, in words.
        case broken(String)
        /// The server broke a rule, in words.
        case failed(String)
    }

    /// The instance, as an index into the options' targets.
    let target: Int
    /// Whether it is compressed.
    var isCompressing: Bool { machine.isCompressing }
    /// When it was begun.
    let begun: Instant
    /// When the last byte came, or it was begun.
    private(set) var lastHeard: Instant

    private let loop: EventLoop
    private var machine: WebSocketClient
    private var socket: TCPSocket?
    private weak var owner: (any ChatConnectionOwner)?

    /// Begins to connect. What is not open after ten seconds is broken.
    init(
        to target: Int, by dialer: Dialer, asking request: WebSocketClient.Request,
        owner: any ChatConnectionOwner
    ) {
        self.target = target
        self.owner = owner
        loop = dialer.loop
        begun = loop.now
        lastHeard = loop.now
        machine = WebSocketClient(
            host: dialer.targets[target].host, request: request, key: randomBytes(16))
        dialer.connect(to: target) { [self] result in connected(result) }
    }

    /// Sends a line as a frame of its own, at the end of the turn.
    func send(_ line: [UInt8]) {
        machine.send(line)
        flush()
    }

    /// Says goodbye; nothing is told any more.
    func leave() {
        owner = nil
        machine.close()
        flush()
        socket?.closeAfterFlush(within: .seconds(2))
    }

    /// Gives it up, as after a cut cable.
    func giveUp(_ why: String) {
        let socket = self.socket
        end(.broken(why))
        socket?.abort()
    }

    /// Gives it up without a word to anybody.
    func abandon() {
        owner = nil
        socket?.abort()
    }

    private func connected(_ result: Result<TCPSocket, SystemError>) {
        switch result {
        case .failure(let error): end(.broken(error.description))
        case .success(let socket):
            guard owner != nil else { return socket.abort() }
            self.socket = socket
            socket.delegate = self
            flush()
        }
    }

    private func flush() {
        let output = machine.takeOutput()
        if !output.isEmpty { socket?.send(copying: output.span) }
    }

    private func end(_ ending: Ending) {
        let last = owner
        owner = nil
        socket?.closeAfterFlush(within: .seconds(2))
        last?.ended(self, ending)
    }

    /// Bytes came.
    func received(_ bytes: Span<UInt8>, on socket: TCPSocket) {
        lastHeard = loop.now
        machine.receive(bytes)
        for event in machine.takeEvents() {
            switch event {
            case .opened: owner?.opened(self)
            case .text(let text):
                var lines = JSONLines()
                while let line = lines.next(in: text.span) {
                    owner?.received(text.span.extracting(line), on: self)
                }
            case .closed(let code, let reason):
                flush()
                end(.closed(code: code, reason: reason))
            case .refused(let status): end(.refused(status: status))
            case .failed(let sentence): end(.failed(sentence))
            }
        }
        flush()
    }

    /// The server sends no more.
    func peerEnded(_ socket: TCPSocket) { end(.broken("the server ended without a close frame")) }

    /// Nobody waits for it.
    func drained(_ socket: TCPSocket) {}

    /// The connection is over.
    func closed(_ socket: TCPSocket, because reason: ConnectionEnd) {
        self.socket = nil
        end(.broken("\(reason)"))
    }
}
