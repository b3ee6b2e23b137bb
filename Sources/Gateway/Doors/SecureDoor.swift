import Logging
import Networking
import TLS
import Time

/// Where connections become TLS: from the kernel's accept, or the end of a PROXY header, to the first
/// request.
final class SecureDoor {
    /// What new connections are made from; those that are in keep theirs.
    var context: TLSContext?
    private unowned let worker: Worker
    private let engine = TLSEngine()
    private var waiting: [ObjectIdentifier: SecureHandshake] = [:]

    init(worker: Worker) { self.worker = worker }

    /// Has the connection shake hands, and calls `done` once its bytes are those of a request. `rest` came
    /// already.
    func begin(
        _ socket: TCPSocket, _ id: ConnectionID, receiving rest: Span<UInt8>, done: @escaping () -> Void
    ) {
        guard let context else { preconditionFailure("an https address without a certificate") }
        let handshake = SecureHandshake(socket, id: id, door: self, worker: worker, done: done)
        waiting[ObjectIdentifier(handshake)] = handshake
        let stream = TLSStream(accepting: context, engine: engine)
        stream.delegate = handshake
        socket.install(stream, receiving: rest)
    }

    func end(_ handshake: SecureHandshake) { waiting[ObjectIdentifier(handshake)] = nil }

    /// Who is not in yet does not come in any more.
    func close() {
        for handshake in waiting.values { handshake.giveUp() }
    }
}

/// How handshakes end, as `parley_tls_handshakes_total` calls it.
enum HandshakeResult: String, CaseIterable, Sendable {
    /// The client is in.
    case done
    /// The client, or what it showed or asked for, was refused; or it refused us.
    case refused
    /// The client spoke plain HTTP.
    case plaintext
    /// It took too long.
    case late
    /// The client went away.
    case left
}

/// A connection whose TLS handshake is not done. It goes on by itself: nothing here decides about TLS.
final class SecureHandshake: TCPSocketDelegate, TimerHandler, TLSStreamDelegate {
    private let socket: TCPSocket
    private let id: ConnectionID
    private unowned let door: SecureDoor
    private unowned let worker: Worker
    private let done: () -> Void
    private var timer: TimerID?
    private var isOver = false

    init(
        _ socket: TCPSocket, id: ConnectionID, door: SecureDoor, worker: Worker, done: @escaping () -> Void
    ) {
        self.socket = socket
        self.id = id
        self.door = door
        self.worker = worker
        self.done = done
        socket.delegate = self
        timer = worker.loop.schedule(
            self, at: worker.loop.now + worker.configuration.doors.handshakeTime)
    }

    func established(_ stream: TLSStream) {
        if stream.isResumed { worker.counters.resumed += 1 }
        worker.log.debug(
            "TLS",
            metadata: [
                "connection": "\(id)", "version": "\(stream.version)", "resumed": "\(stream.isResumed)",
            ])
        finish(.done)
        done()
    }

    func refused(_ stream: TLSStream, because failure: TLSFailure) {
        worker.log.debug(
            "TLS handshake refused", metadata: ["connection": "\(id)", "reason": "\(failure)"])
        finish(failure == .plaintext ? .plaintext : .refused)
    }

    func timerFired(token: Int) {
        timer = nil
        guard !isOver else { return }
        worker.counters.limits[.handshakeTime, default: 0] += 1
        worker.log.debug("TLS handshake took too long", metadata: ["connection": "\(id)"])
        finish(.late)
        socket.abort()
    }

    /// The server stops.
    func giveUp() {
        finish(.left)
        socket.abort()
    }

    func received(_ bytes: Span<UInt8>, on socket: TCPSocket) {}

    func drained(_ socket: TCPSocket) {}

    func peerEnded(_ socket: TCPSocket) {
        finish(.left)
        socket.abort()
    }

    func closed(_ socket: TCPSocket, because reason: ConnectionEnd) {
        finish(.left)
        worker.counters.connections -= 1
        worker.log.debug(
            "connection closed", metadata: ["connection": "\(id)", "reason": "\(reason.word)"])
    }

    private func finish(_ result: HandshakeResult) {
        guard !isOver else { return }
        isOver = true
        if let timer { worker.loop.cancel(timer) }
        timer = nil
        worker.counters.tlsHandshakes[result, default: 0] += 1
        door.end(self)
    }
}
