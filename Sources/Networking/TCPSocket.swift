package import Bytes
internal import CLinux
import Glibc
import Time

/// One TCP connection on a loop: reads for its delegate, and writes what was queued at the end of the turn.
///
/// It does not know what the bytes mean, and does not bound its queue: who sends looks at `queuedBytes`.
/// While it is open the loop keeps it alive, and it keeps its delegate alive.
package final class TCPSocket: ReadinessHandler, TimerHandler {
    /// `closing` knows the end that is reported in any case, where there is one.
    enum State { case open, closing(TimerID, ConnectionEnd?), closed(ConnectionEnd), reported }

    /// Who is at the other end.
    package let remoteAddress: SocketAddress
    /// Who is told; set it before the turn ends in which the socket was accepted. Nil after `closed`.
    package var delegate: (any TCPSocketDelegate)?
    /// `drained` is told when more bytes than this had waited, and no longer do.
    package var lowWaterMark = 0
    /// Let go of when the connection is over, whoever its delegate is by then.
    package var companion: AnyObject?

    let loop: EventLoop
    private(set) var descriptor: Descriptor
    private var registration = Registration.none
    /// Nil where the delegate's bytes are the wire's.
    var layer: (any StreamLayer)?
    var queue = WriteQueue()
    private(set) var state = State.open
    private(set) var isPaused = false
    private(set) var hasPeerEnded = false
    private var hasEndedWriting = false
    /// The kernel has refused bytes, so readiness tells when to go on.
    private var awaitsWritable = false
    private var isUnflushed = false
    /// More than `lowWaterMark` waits, or did when something was last queued.
    private var owesDrained = false

    /// Takes over a connected, non-blocking descriptor and begins to read in the next turn.
    init(_ descriptor: consuming Descriptor, from remote: SocketAddress, on loop: EventLoop)
        throws(SystemError)
    {
        self.loop = loop
        remoteAddress = remote
        self.descriptor = descriptor
        let number = self.descriptor.number
        try setSocketOption(number, LINUX_TCP_LEVEL, TCP_NODELAY, to: 1)
        registration = try loop.register(number, for: interest, handler: self)
    }

    /// How many bytes wait to be written.
    package var queuedBytes: Int {
        guard let layer else { return queue.byteCount }
        return queue.byteCount + layer.wire.byteCount
    }
    /// Whether `send` still queues anything.
    package var isOpen: Bool { if case .open = state { true } else { false } }
    /// Whether it owns no buffer of its own.
    package var ownsNoBuffer: Bool {
        guard let layer else { return queue.ownsNothing }
        return queue.ownsNothing && layer.wire.ownsNothing && layer.ownsNoBuffer
    }

    /// Our own end's address.
    package func localAddress() throws(SystemError) -> SocketAddress {
        try SocketAddress(localOf: descriptor.number)
    }

    /// Lets the kernel find out that a silent peer is gone: after `idle` it asks `count` times every
    /// `interval` (all in whole seconds, at least one), and what we sent may stay unacknowledged for as long
    /// as all that takes. The connection then ends as `failed`, ETIMEDOUT.
    package func setKeepAlive(idle: Duration, interval: Duration, count: Int) throws(SystemError) {
        try KeepAlive(idle: idle, interval: interval, count: count).set(on: descriptor.number)
    }

    /// Queues `bytes` from index `start` on by reference. Ignored once the socket closes.
    package func send(_ bytes: SharedBytes, from start: Int = 0) {
        guard isOpen else { return }
        queue.append(bytes, from: start)
        owesDrained = owesDrained || queuedBytes > lowWaterMark
        if !awaitsWritable { flushAtTurnEnd() }
    }

    /// Queues a copy of `bytes`. Ignored once the socket closes.
    package func send(copying bytes: Span<UInt8>) {
        guard isOpen else { return }
        queue.append(copying: bytes)
        owesDrained = owesDrained || queuedBytes > lowWaterMark
        if !awaitsWritable { flushAtTurnEnd() }
    }

    /// Lets the peer wait: nothing is read until `resumeReading`, so its window closes.
    package func pauseReading() {
        guard isOpen, !isPaused else { return }
        isPaused = true
        updateInterest()
    }

    /// Reads again, beginning with the next turn.
    package func resumeReading() {
        guard isOpen, isPaused else { return }
        isPaused = false
        updateInterest()
        // The kernel knows nothing of bytes that the layer has.
        if layer?.keepsInput == true { loop.afterReadiness(self) }
    }

    /// Writes what is queued, ends our half, waits for the peer's end, and closes; all within `limit`.
    ///
    /// Closing with unread input would reset the connection and could destroy our last bytes on their way, so
    /// input is read and dropped meanwhile.
    package func closeAfterFlush(within limit: Duration = .seconds(5)) { close(within: limit, as: nil) }

    /// As `closeAfterFlush`; where `reason` is given it is the one that is reported.
    func close(within limit: Duration, as reason: ConnectionEnd?) {
        guard isOpen else { return }
        state = .closing(loop.schedule(self, at: loop.now + limit), reason)
        isPaused = false
        // What waits for a handshake that nobody reads any more would wait for ever.
        if let layer, !layer.isReady { queue.removeAll() }
        updateInterest()
        flushAtTurnEnd()
    }

    /// Closes now: what is queued here or in the kernel is dropped, and the peer sees a reset.
    package func abort() {
        switch state {
        case .closed, .reported: return
        case .open, .closing: break
        }
        var lingering = linger(l_onoff: 1, l_linger: 0)
        setsockopt(
            descriptor.number, SOL_SOCKET, SO_LINGER, &lingering, socklen_t(MemoryLayout<linger>.size))
        close(.aborted)
    }

    /// The peer has not ended in time.
    package func timerFired(token: Int) {
        if case .closing = state { close(.lingeredTooLong) }
    }

    /// The kernel says what can be done.
    package func ready(_ readiness: Readiness) {
        if readiness.contains(.failed) { return fail() }
        if !readiness.isDisjoint(with: [.readable, .peerEnded, .hungUp]), wantsInput {
            read(isLastInput: !readiness.isDisjoint(with: [.peerEnded, .hungUp]))
        }
        // Reported unasked for as long as it lasts, so staying open would spin.
        if readiness.contains(.hungUp), !wantsInput { return close(.peerGone) }
        if readiness.contains(.writable) { flushAtTurnEnd() }
    }

    /// Tells the delegate that it is over; the loop calls this once.
    func reportClosed() {
        guard case .closed(let reason) = state else { return }
        state = .reported
        let last = delegate
        delegate = nil
        companion = nil
        last?.closed(self, because: reason)
    }
}

// Writing and closing.
extension TCPSocket {
    private var interest: Readiness {
        var interest: Readiness = wantsInput ? [.readable, .peerEnded] : []
        if awaitsWritable { interest.insert(.writable) }
        return interest
    }

    private func updateInterest() {
        do {
            try loop.change(registration, descriptor.number, to: interest)
        } catch {
            close(.failed(error))
        }
    }

    func flushAtTurnEnd() {
        if isUnflushed { return }
        isUnflushed = true
        loop.flushLater(self)
    }

    /// Writes what the kernel takes; the loop calls this at the end of the turn.
    func flush() {
        isUnflushed = false
        switch state {
        case .closed, .reported: return
        case .open, .closing: break
        }
        do {
            switch try flushQueues() {
            case .drained: awaitWritable(false)
            case .refused: awaitWritable(true)
            case .unfinished: flushAtTurnEnd()
            }
        } catch {
            return close(.failed(error))
        }
        if isOpen {
            tellDrained()
        } else if queuedBytes == 0 {
            endWriting()
        }
    }

    private func awaitWritable(_ awaits: Bool) {
        if awaits == awaitsWritable { return }
        awaitsWritable = awaits
        updateInterest()
    }

    private func tellDrained() {
        guard owesDrained, queuedBytes <= lowWaterMark else { return }
        owesDrained = false
        delegate?.drained(self)
    }

    func end() {
        hasPeerEnded = true
        switch state {
        case .open:
            updateInterest()
            delegate?.peerEnded(self)
        case .closing:
            if hasEndedWriting { close(.finished) } else { updateInterest() }
        case .closed, .reported:
            break
        }
    }

    private func endWriting() {
        if hasEndedWriting { return }
        hasEndedWriting = true
        if hasPeerEnded { return close(.finished) }
        // Fails only where the peer has reset, which the next event reports.
        shutdown(descriptor.number, Int32(SHUT_WR))
    }

    func close(_ reason: ConnectionEnd) {
        switch state {
        case .closed, .reported: return
        case .closing(let timer, let known):
            loop.cancel(timer)
            state = .closed(known ?? reason)
        case .open: state = .closed(reason)
        }
        loop.unregister(registration, descriptor.number)
        descriptor.close()
        queue.removeAll()
        layer = nil
        loop.reportLater(self)
    }
}
