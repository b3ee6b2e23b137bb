import Logging
import Networking
import Proxies
import Time

/// The second step, for connections of proxies that begin with a PROXY header: reads it, and lets the
/// connection go on as the client's. A header that is broken, missing or late ends it without an answer: to
/// take it for a request would be to believe that it is somebody's.
final class Preface: TCPSocketDelegate, TimerHandler {
    private let arrival: Arrival
    private unowned let reception: Reception
    private var reader = ProxyHeaderReader()
    private var timer: TimerID?
    private var isOver = false

    /// Waits for the header; the socket keeps this alive.
    init(of arrival: Arrival, at reception: Reception) {
        self.arrival = arrival
        self.reception = reception
        arrival.socket.delegate = self
        let worker = reception.worker
        timer = worker.loop.schedule(self, at: worker.loop.now + worker.configuration.doors.handshakeTime)
    }

    func received(_ bytes: Span<UInt8>, on socket: TCPSocket) {
        guard !isOver else { return }
        reader.receive(bytes)
        do {
            guard let header = try reader.next() else { return }
            pass(header)
        } catch {
            fail(error.sentence)
        }
    }

    private func pass(_ header: ProxyHeader) {
        isOver = true
        cancelTimer()
        let worker = reception.worker
        var known = arrival
        known.peer = worker.proxies.peer(header, from: arrival.peer)
        known.early = reader.takeRemainder()
        worker.log.debug(
            "connection is a client's",
            metadata: ["connection": "\(arrival.id)", "peer": "\(known.peer.address)"])
        if let refusal = arrival.pass.join(known.peer.group, at: worker.loop.now) {
            worker.note(refusal, of: known.peer.address)
            if !arrival.isTLS { arrival.socket.send(copying: reception.answer(refusal).span) }
            return arrival.socket.closeAfterFlush(within: worker.configuration.doors.handshakeTime)
        }
        reception.secure(known)
    }

    /// A proxy that only looks whether somebody listens says nothing at all.
    func peerEnded(_ socket: TCPSocket) {
        guard !isOver else { return }
        end()
    }

    func drained(_ socket: TCPSocket) {}

    func timerFired(token: Int) {
        timer = nil
        guard !isOver else { return }
        reception.worker.counters.limits[.handshakeTime, default: 0] += 1
        fail("The PROXY header did not arrive in time.")
    }

    func closed(_ socket: TCPSocket, because reason: ConnectionEnd) {
        isOver = true
        cancelTimer()
        reception.worker.counters.connections -= 1
        reception.worker.log.debug(
            "connection closed", metadata: ["connection": "\(arrival.id)", "reason": "\(reason.word)"])
    }

    private func fail(_ sentence: String) {
        let worker = reception.worker
        worker.counters.proxyFaults[.preface, default: 0] += 1
        worker.log.debug(
            "no PROXY header",
            metadata: [
                "connection": "\(arrival.id)", "peer": "\(arrival.peer.neighbour)", "reason": "\(sentence)",
            ])
        end()
    }

    private func end() {
        isOver = true
        cancelTimer()
        arrival.socket.abort()
    }

    private func cancelTimer() {
        if let timer { reception.worker.loop.cancel(timer) }
        timer = nil
    }
}
