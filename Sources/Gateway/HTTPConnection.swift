import Bytes
import Chat
import HTTP1
import Logging
import Networking
import Time
import WebSocket

/// A connection that speaks HTTP/1.1: one request at a time is read, routed and answered, until it closes or
/// becomes a WebSocket.
final class HTTPConnection: TCPSocketDelegate, TimerHandler {
    let socket: TCPSocket
    private let id: ConnectionID
    /// Who is at the other end: a client, or a proxy of several.
    private let sender: Peer
    /// Whose request it is that is being answered.
    private(set) var peer: Peer
    private unowned let worker: Worker
    private unowned let connections: HTTPConnections
    private let limits: HTTPLimits
    private var parser: RequestParser
    /// The request that is being answered.
    private var current: HTTPRequest?
    /// What it is called, if it is a REST call.
    private var correlation: CorrelationID?
    private var isServing = false
    /// Too many answers wait to leave.
    private var isHeldBack = false
    private var heldBytes = 0
    private var isPaused = false
    /// No further request comes; those that came are still answered.
    private var hasPeerEnded = false
    private var isOver = false
    private var timer: TimerID?
    /// What the timer was set for, and when the request began whose time it measures.
    private var timed = RequestParser.Progress.nothing
    private var began: Instant

    init(
        _ socket: TCPSocket, id: ConnectionID, from peer: Peer, worker: Worker, connections: HTTPConnections
    ) {
        self.socket = socket
        self.id = id
        sender = peer
        self.peer = peer
        self.worker = worker
        self.connections = connections
        limits = worker.configuration.http
        parser = RequestParser(limits: worker.configuration.requestLimits)
        began = worker.loop.now
        socket.delegate = self
        socket.lowWaterMark = limits.answersAheadBytes / 4
        timer = worker.loop.schedule(self, at: began + limits.firstTime)
    }

    // MARK: Network

    func received(_ bytes: Span<UInt8>, on socket: TCPSocket) {
        guard !isOver else { return }
        parser.receive(bytes)
        serve()
        if !isOver, current != nil || isHeldBack, parser.unreadCount > limits.readAheadBytes, !isPaused {
            isPaused = true
            socket.pauseReading()
        }
    }

    func peerEnded(_ socket: TCPSocket) {
        hasPeerEnded = true
        guard current == nil, !isHeldBack else { return }
        close()
    }

    func drained(_ socket: TCPSocket) {
        guard isHeldBack, !isOver else { return }
        isHeldBack = false
        cancelTimer()
        serve()
    }

    func closed(_ socket: TCPSocket, because reason: ConnectionEnd) {
        isOver = true
        worker.counters.connections -= 1
        worker.log.debug(
            "connection closed", metadata: ["connection": "\(id)", "reason": "\(reason.word)"])
        forget()
    }

    /// Too slow: RFC 9110 §15.5.9 for a request that began, silence for one that did not.
    func timerFired(token: Int) {
        timer = nil
        guard !isOver, current == nil else { return }
        if isHeldBack { return checkProgress() }
        switch parser.progress {
        case .nothing:
            count(.idleTime)
            close()
        case .partOfHead:
            count(.headerTime)
            refuse(.requestTimeout, "The head of the request did not arrive in time.")
        case .wholeHead:
            count(.requestTime)
            refuse(.requestTimeout, "The request did not arrive in time.")
        }
    }

    func drain() {
        if current == nil { close() }
    }

    // MARK: Requests

    private func serve() {
        guard !isServing, !isHeldBack else { return }
        isServing = true
        defer { isServing = false }
        do {
            while !isOver, current == nil {
                if socket.queuedBytes > limits.answersAheadBytes { return holdBack() }
                guard let event = try parser.nextEvent() else { break }
                switch event {
                case .expectsContinue: write(HTTPResponse(.continue), with: ResponseWriter())
                case .request(let request): take(request)
                }
            }
        } catch {
            if let limit = DoorLimit(reachedBy: error) { count(limit) }
            return refuse(error.status, error.sentence)
        }
        guard !isOver, current == nil else { return }
        if hasPeerEnded { return close() }
        if isPaused {
            isPaused = false
            socket.resumeReading()
        }
        setTimer()
    }

    /// The peer asks faster than it reads: it is looked at again when most of its answers have left.
    private func holdBack() {
        isHeldBack = true
        heldBytes = socket.queuedBytes
        cancelTimer()
        timer = worker.loop.schedule(self, at: worker.loop.now + limits.answerTime)
    }

    /// A peer that reads nothing for so long is not waited for.
    private func checkProgress() {
        guard socket.queuedBytes >= heldBytes else { return holdBack() }
        count(.answerTime)
        socket.abort()
    }

    private func take(_ request: HTTPRequest) {
        current = request
        correlation = request.path.hasPrefix("/api/") ? CorrelationID(of: request) : nil
        cancelTimer()
        if sender.isProxy { recognise(request) }
        switch connections.router.route(request, on: self) {
        case .answer(let response): answer(response)
        case .asset(let response, let body): answer(response, sharing: body)
        case .upgrade(let handshake, let door): upgrade(handshake, at: door)
        case .later: break
        }
    }

    /// A proxy's connection bears requests of many.
    private func recognise(_ request: HTTPRequest) {
        let isMalformed: Bool
        (peer, isMalformed) = worker.proxies.peer(of: request, from: sender)
        if isMalformed { worker.counters.proxyFaults[.field, default: 0] += 1 }
    }

    /// Whether it may become a WebSocket now: nil, and it is counted, or why not. A trial only asks.
    func handshakeRefusal(isTrial: Bool) -> DoorRefusal? {
        let refusal = (socket.companion as? Pass)?.handshake(
            of: peer.group, isTrial: isTrial, at: worker.loop.now)
        if let refusal { worker.note(refusal, of: peer.address) }
        return refusal
    }

    /// Answers the current request and goes on with the next.
    func answer(_ response: HTTPResponse, sharing body: SharedBytes? = nil) {
        guard !isOver, let request = current else { return }
        var writer = ResponseWriter(answering: request, date: worker.httpDate)
        if worker.isDraining { writer.keepsAlive = false }
        current = nil
        var response = response
        if let correlation {
            response.fields.append(CorrelationID.field, correlation.description)
            connections.router.crossOrigin.dress(&response, for: request, from: peer)
        }
        note(request, response)
        write(response, sharing: body, with: writer)
        guard writer.keepsAlive, !response.endsConnection else { return close() }
        serve()
    }

    private func note(_ request: HTTPRequest, _ response: HTTPResponse) {
        worker.log.debug(
            "request", metadata: RequestNote(request, response, correlation, on: id, of: peer).metadata)
    }

    private func refuse(_ status: HTTPStatus, _ sentence: String) {
        let request = parser.unfinished
        var response = connections.router.refusal(of: request, status, sentence)
        if let request, request.path.hasPrefix("/api/") {
            connections.router.crossOrigin.dress(&response, for: request, from: peer)
        }
        worker.log.debug(
            "request refused", metadata: RequestNote(request, response, nil, on: id, of: sender).metadata)
        write(response, with: ResponseWriter(date: worker.httpDate))
        close()
    }

    private func write(
        _ response: HTTPResponse, sharing body: SharedBytes? = nil, with writer: ResponseWriter
    ) {
        worker.counters.answers[response.status.code, default: 0] += 1
        let response = response.hardened()
        var output = ByteWriter()
        do {
            if let body {
                try writer.writeHead(response, bodyCount: body.count, to: &output)
            } else {
                try writer.write(response, to: &output)
            }
        } catch {
            preconditionFailure("our own answers have writable fields: \(error)")
        }
        socket.send(copying: output.span)
        if let body, !writer.omitsBody { socket.send(body) }
    }

    /// From here on the connection's bytes are frames.
    private func upgrade(_ handshake: Handshake, at door: WebSocketDoor) {
        guard let request = current else { return }
        note(request, handshake.response)
        write(handshake.response, with: ResponseWriter(answering: request, date: worker.httpDate))
        isOver = true
        forget()
        let remainder = parser.takeRemainder()
        let transport = worker.beginSession(
            on: socket, id, of: peer, at: door, deflate: handshake.deflate)
        if isPaused { socket.resumeReading() }
        if !remainder.isEmpty { transport.received(remainder.span, on: socket) }
    }

    // MARK: Time and the end

    private func setTimer() {
        let progress = parser.progress
        let isNew = timer == nil || timed == .nothing
        guard isNew || progress != timed else { return }
        if isNew { began = worker.loop.now }
        timed = progress
        cancelTimer()
        let limit =
            switch progress {
            case .nothing: limits.idleTime
            case .partOfHead: limits.firstTime
            case .wholeHead: limits.requestTime
            }
        timer = worker.loop.schedule(self, at: began + limit)
    }

    private func count(_ limit: DoorLimit) { worker.counters.limits[limit, default: 0] += 1 }

    private func cancelTimer() {
        if let timer { worker.loop.cancel(timer) }
        timer = nil
    }

    private func close() {
        guard !isOver else { return }
        isOver = true
        forget()
        socket.closeAfterFlush(within: limits.answerTime)
    }

    private func forget() {
        cancelTimer()
        connections.end(self)
    }
}
