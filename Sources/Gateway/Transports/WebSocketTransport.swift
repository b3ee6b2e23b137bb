import Bytes
import Chat
import ChatProtocol
import Logging
import Networking
import WebSocket

/// A session on a bare RFC 6455 WebSocket: knows sockets and frames, not meaning.
final class WebSocketTransport: Transport, TCPSocketDelegate, TimerHandler {
    let key: SessionKey
    /// What session and connection are called in the log.
    let names: LogNames
    let dialect: any Dialect
    let framing = Framing.webSocket
    private let socket: TCPSocket
    private var core: WebSocketConnection
    private unowned let worker: Worker
    private let queueLimit: Int
    private var pace = FramePace()
    /// Told to the hub: more waits than the session may have waiting.
    private(set) var isCongested = false
    private var isSuspected = false
    private var isOver = false
    /// A message that is not read to its end, because its answers wait to leave.
    private var backlog: Backlog?

    private struct Backlog {
        let message: [UInt8]
        let isText: Bool
        var progress = DialectProgress()
    }

    /// Takes the connection over after the handshake; `remainder` came behind it.
    init(
        _ socket: TCPSocket, key: SessionKey, called names: LogNames, dialect: any Dialect, worker: Worker,
        limits: AnnouncedLimits
    ) {
        self.socket = socket
        self.key = key
        self.names = names
        self.dialect = dialect
        self.worker = worker
        queueLimit = limits.queueBytes
        core = WebSocketConnection(messageBytes: limits.messageBytes)
        socket.lowWaterMark = limits.queueBytes / 4
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
        core.receiveEnd()
        handleEvents()
        finish()
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

    private func handleEvents() {
        while !isOver {
            if backlog != nil, !readBacklog() { break }
            guard let event = core.nextEvent() else { break }
            switch event {
            case .message(let kind, let message): backlog = Backlog(message: message, isText: kind == .text)
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

    /// Carries out what stands in the message; false when its answers have to leave first.
    private func readBacklog() -> Bool {
        guard var current = backlog.take() else { return true }
        var isHeldBack = false
        dialect.lines(in: current.message, isText: current.isText, from: &current.progress) { line in
            carryOut(line)
            isHeldBack = socket.queuedBytes > queueLimit
            return !isOver && !isHeldBack
        }
        guard isHeldBack, !isOver else { return true }
        backlog = current
        socket.pauseReading()
        return false
    }

    private func carryOut(_ line: DialectLine) {
        switch line {
        case .command(let envelope):
            if case .connect(let connect) = envelope.command {
                worker.log.debug(
                    "connect", metadata: names.metadata(["client": "\(connect.client ?? "-")"]))
            }
            worker.tell(.command(key, envelope))
        case .malformed(let id, let error): worker.tell(.malformed(key, id, error))
        case .broken(let sentence):
            worker.log.debug("not the protocol", metadata: names.metadata(["reason": "\(sentence)"]))
            core.close(
                WebSocket.CloseCode(rawValue: UInt16(DisconnectCode.badFrame.rawValue)),
                reason: closeReason(Disconnect(.badFrame), sentence))
            worker.tell(.undecodable(key))
            finish()
        case .unacceptable:
            core.close(.unacceptableData, reason: "This server takes text frames only.")
            finish()
        }
    }

    // MARK: Session to network

    var queuedBytes: Int { socket.queuedBytes }

    func frame(_ message: [UInt8]) -> SharedBytes { PreparedFrame(text: message.span).bytes }

    func send(_ frame: SharedBytes) {
        guard !isOver else { return }
        socket.send(frame)
        if socket.queuedBytes > queueLimit, !isSuspected, !isCongested {
            isSuspected = true
            worker.suspect(self)
        }
    }

    /// Asked in the turn after too much was queued: whether the kernel has taken it meanwhile.
    func checkCongestion() {
        isSuspected = false
        guard !isOver, !isCongested, socket.queuedBytes > queueLimit else { return }
        isCongested = true
        worker.noteCongested(self)
        // Its commands would only make more replies: it reads first.
        socket.pauseReading()
        worker.tell(.congested(key))
    }

    func ping() {
        let nothing: [UInt8] = []
        core.ping(nothing.span)
        flushCore()
    }

    func disconnect(_ disconnect: Disconnect, sentence: String?) {
        guard !isOver else { return }
        worker.log.debug(
            "session ended by the server", metadata: names.metadata(["reason": "\(disconnect.code.name)"]))
        core.close(
            WebSocket.CloseCode(rawValue: UInt16(disconnect.code.rawValue)),
            reason: closeReason(disconnect, sentence))
        finish()
    }

    /// Drops the session with all that is queued for it, if it still reads too slowly.
    func dropIfCongested() -> Bool {
        guard isCongested, !isOver else { return false }
        isOver = true
        worker.tell(.closed(key))
        socket.abort()
        return true
    }

    private func closeReason(_ disconnect: Disconnect, _ sentence: String?) -> String {
        String(decoding: ChatProtocol.CloseReason.bytes(of: disconnect, sentence: sentence), as: UTF8.self)
    }

    private func flushCore() {
        let output = core.takeOutput()
        if !output.isEmpty { socket.send(copying: output.span) }
    }

    private func finish() {
        flushCore()
        guard !isOver else { return }
        isOver = true
        worker.tell(.closed(key))
        socket.closeAfterFlush()
    }
}
