import Bytes
import Chat
import ChatProtocol
import Logging
import Networking
import WebSocket

/// One WebSocket on its TCP connection: frames in and out, what waits to leave, how fast is read, and how it
/// ends. Knows sockets and frames, not meaning: a `MessageHandler` has that, and the hub keeps the times.
final class WebSocketTransport: Transport, TCPSocketDelegate, TimerHandler {
    let key: SessionKey
    /// What session and connection are called in the log.
    let names: LogNames
    let dialect: any Dialect
    let framing: Framing
    private let deflate: MessageDeflate?
    private let socket: TCPSocket
    private var core: WebSocketConnection
    private let handler: any MessageHandler
    private unowned let worker: Worker
    private let queueLimit: Int
    private var pace = FramePace()
    /// Told to the hub: more waits than the session may have waiting.
    private(set) var isCongested = false
    private var isSuspected = false
    /// Nothing more is read or sent; what is queued still leaves.
    private(set) var isOver = false
    /// A message that is not read to its end, because its answers wait to leave.
    private var backlog: IncomingMessage?

    /// Takes the connection over after the handshake. The session hears pushes in `dialect`.
    init(
        _ socket: TCPSocket, key: SessionKey, called names: LogNames, dialect: any Dialect,
        handler: any MessageHandler, deflate: MessageDeflate?, worker: Worker
    ) {
        self.socket = socket
        self.key = key
        self.names = names
        self.dialect = dialect
        self.handler = handler
        self.worker = worker
        self.deflate = deflate
        framing = deflate.map(Framing.init) ?? .webSocket
        queueLimit = worker.configuration.limits.announced.queueBytes
        core = WebSocketConnection(
            messageBytes: handler.messageBytes, deflate: deflate, boundsGrowth: handler.expectsConnect)
        socket.lowWaterMark = queueLimit / 4
        socket.delegate = self
    }

    // MARK: Network to session

    func received(_ bytes: Span<UInt8>, on socket: TCPSocket) {
        core.receive(bytes)
        pace.received(by: &core, of: self, on: worker)
        // Any byte is a sign of life, also one in the middle of a long message.
        worker.tell(.heard(key))
        handleEvents()
    }

    func peerEnded(_ socket: TCPSocket) {
        // The core's last event finishes; it may have to wait behind a message.
        core.receiveEnd()
        handleEvents()
    }

    func drained(_ socket: TCPSocket) {
        guard isCongested || backlog != nil else { return }
        if isCongested {
            isCongested = false
            worker.tell(.drained(key))
        }
        handleEvents()
        if !isOver, backlog == nil { socket.resumeReading() }
    }

    func closed(_ socket: TCPSocket, because reason: ConnectionEnd) {
        isOver = true
        isCongested = false
        pace.stop(on: worker.loop)
        worker.log.debug("connection closed", metadata: names.metadata(["reason": "\(reason.word)"]))
        worker.ended(self)
    }

    /// A message was not whole in time.
    func timerFired(token: Int) {
        guard !isOver else { return }
        let isReading = !isCongested && backlog == nil
        pace.timerFired(in: &core, isReading: isReading, of: self, on: worker)
        handleEvents()
    }

    /// A message came in which nothing stood: it is judged like a ping.
    func countBlank() { pace.spend(1, by: &core, on: worker) }

    private func handleEvents() {
        while !isOver {
            if backlog != nil, !readBacklog() { break }
            guard let event = core.nextEvent() else { break }
            switch event {
            case .message(let kind, let message): backlog = IncomingMessage(kind: kind, bytes: message)
            case .ping, .pong: break
            case .closed: finish()
            case .failed(let error):
                if let limit = DoorLimit(error) { worker.counters.limits[limit, default: 0] += 1 }
                if error.closeCode != .policyViolation { worker.counters.webSocketFailures += 1 }
                worker.log.debug(
                    "websocket failed", metadata: names.metadata(["reason": "\(error.sentence)"]))
                finish()
            }
        }
        flushCore()
    }

    /// Hands the message on; false when it has to wait until something has left.
    private func readBacklog() -> Bool {
        guard var current = backlog.take() else { return true }
        if handler.handle(&current, of: self) || isOver { return true }
        backlog = current
        socket.pauseReading()
        return false
    }

    // MARK: Session to network

    var queuedBytes: Int { socket.queuedBytes }

    /// Whether more waits to leave than a session may have waiting: who would add to it waits too.
    var isFull: Bool { socket.queuedBytes > queueLimit }

    func frame(_ message: [UInt8]) -> SharedBytes {
        guard let deflate else { return PreparedFrame(text: message.span).bytes }
        return PreparedFrame(text: message.span, deflate: deflate).bytes
    }

    func send(_ frame: SharedBytes) {
        guard !isOver else { return }
        socket.send(frame)
        watchQueue()
    }

    /// Queues a message for this peer alone; small ones leave in one piece. Ignored once it is over.
    func send(_ kind: MessageKind, _ payload: Span<UInt8>) {
        guard !isOver else { return }
        core.send(kind, payload)
        flushCore()
        watchQueue()
    }

    private func watchQueue() {
        if socket.queuedBytes > queueLimit, !isSuspected, !isCongested {
            isSuspected = true
            worker.slowReaders.suspect(self)
        }
    }

    /// Asked in the turn after too much was queued: whether the kernel has taken it meanwhile.
    func checkCongestion() {
        isSuspected = false
        // Who is held back waits for more to leave than a full queue's surplus, and may never take it.
        guard !isOver, !isCongested, isFull || backlog != nil else { return }
        isCongested = true
        worker.slowReaders.note(self)
        // Its commands would only make more replies: it reads first.
        socket.pauseReading()
        worker.tell(.congested(key))
    }

    func ping() {
        let nothing: [UInt8] = []
        core.ping(nothing.span)
        flushCore()
    }

    private func flushCore() {
        let output = core.takeOutput()
        if !output.isEmpty { socket.send(copying: output.span) }
    }

    // MARK: The end

    func disconnect(_ disconnect: Disconnect, sentence: String?) {
        guard !isOver else { return }
        worker.log.debug(
            "session ended by the server", metadata: names.metadata(["reason": "\(disconnect.code.name)"]))
        end(
            WebSocket.CloseCode(disconnect.code), reason: Self.reason(of: disconnect, sentence),
            telling: .closed(key))
    }

    /// Says goodbye and ends; `fact` tells the hub.
    func end(_ code: WebSocket.CloseCode, reason: String, telling fact: Input) {
        core.close(code, reason: reason)
        finish(telling: fact)
    }

    /// Drops the session with all that is queued for it, if it still reads too slowly.
    func dropIfCongested() -> Bool {
        guard isCongested, !isOver else { return false }
        isOver = true
        worker.tell(.closed(key))
        socket.abort()
        return true
    }

    /// What stands in the close frame beside the code.
    static func reason(of disconnect: Disconnect, _ sentence: String?) -> String {
        String(decoding: ChatProtocol.CloseReason.bytes(of: disconnect, sentence: sentence), as: UTF8.self)
    }

    private func finish() { finish(telling: .closed(key)) }

    private func finish(telling fact: Input) {
        flushCore()
        guard !isOver else { return }
        isOver = true
        worker.tell(fact)
        socket.closeAfterFlush()
    }
}

extension WebSocket.CloseCode {
    /// The chat protocol's own codes are close codes too (RFC 6455 §7.4.2: 4000-4999).
    init(_ code: DisconnectCode) { self.init(rawValue: UInt16(code.rawValue)) }
}
