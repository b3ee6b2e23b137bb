import Glibc
package import Time

/// Is told when a timer it scheduled is due.
package protocol TimerHandler: AnyObject {
    /// `token` is what was given to `schedule`: it tells several timers of one handler apart.
    func timerFired(token: Int)
}

/// Does something at a fixed point of every turn.
package protocol TurnHandler: AnyObject {
    /// The point is reached.
    func turn()
}

/// One epoll loop, confined to one thread: waits, tells handlers what happened, writes at the end of the
/// turn.
///
/// A turn: sleep in epoll, read both clocks once, ready descriptors, mailboxes, due timers, closed sockets,
/// the end-of-turn handlers in the order they registered, and last the flush of every socket that got
/// something to send. It does not know what travels over the sockets.
package final class EventLoop {
    private struct Timer {
        let handler: any TimerHandler
        let token: Int
    }

    /// How many bytes one read can bring.
    let readBufferSize: Int

    /// Both clocks as of the start of this turn: every decision of the turn sees the same time.
    package private(set) var moment: Moment
    /// The monotonic clock as of the start of this turn.
    package var now: Instant { moment.instant }
    /// Turns taken since the start.
    package private(set) var turns = 0

    /// What all sockets of the loop read into, so that an idle one owns no buffer.
    let readBuffer: UnsafeMutablePointer<UInt8>
    private let poller: Poller
    private var timers: TimerWheel<Timer>
    private var afterReadinessHandlers: [any TurnHandler] = []
    private var endHandlers: [any TurnHandler] = []
    private var closedSockets: [TCPSocket] = []
    private var unflushedSockets: [TCPSocket] = []
    private var isStopped = false

    /// A loop for the thread that will call `run`; one read brings at most `readBufferSize` bytes.
    package init(readBufferSize: Int = 64 * 1024) throws(SystemError) {
        self.readBufferSize = readBufferSize
        poller = try Poller()
        moment = Clock.moment
        timers = TimerWheel(now: moment.instant)
        readBuffer = .allocate(capacity: readBufferSize)
    }

    deinit { readBuffer.deallocate() }

    /// Takes turns until `stop`; the turn in which that is called is finished first.
    package func run() throws(SystemError) {
        isStopped = false
        while !isStopped { try turn() }
    }

    /// Ends `run`. Only on the loop's own thread; another one posts a message whose handler calls this.
    package func stop() { isStopped = true }

    /// Takes one turn that sleeps no longer than `longest` (nil: until something happens).
    package func turn(sleepingAtMost longest: Duration? = nil) throws(SystemError) {
        let count = try poller.wait(milliseconds: sleepTime(atMost: longest))
        moment = Clock.moment
        turns += 1
        poller.dispatch(count)
        drainAfterReadiness()
        fireTimers()
        reportClosed()
        for handler in endHandlers { handler.turn() }
        flush()
    }

    /// Lets go of all handlers, timers and sockets, unannounced: they and the loop keep each other alive.
    package func dismantle() {
        poller.removeAll()
        timers.removeAll()
        (afterReadinessHandlers, endHandlers) = ([], [])
        (closedSockets, unflushedSockets) = ([], [])
    }

    /// How many descriptors are watched.
    package var descriptorCount: Int { poller.count }
    /// Events that came for a descriptor already given up; harmless, counted for the curious.
    package var staleEvents: Int { poller.staleEvents }

    private func sleepTime(atMost longest: Duration?) -> Int32 {
        if !unflushedSockets.isEmpty || !closedSockets.isEmpty || !afterReadinessHandlers.isEmpty { return 0 }
        var sleep = longest
        if let deadline = timers.nextDeadline {
            // Not `now`: the turn itself may have taken long.
            let left = max(deadline - Clock.instant, .zero)
            sleep = min(sleep ?? left, left)
        }
        guard let sleep else { return -1 }
        // Rounded up: a sleep that ends before the deadline would be followed by turns that do nothing.
        return Int32(clamping: (sleep + .nanoseconds(999_999)).inMilliseconds)
    }

    private func drainAfterReadiness() {
        if afterReadinessHandlers.isEmpty { return }
        let current = afterReadinessHandlers
        afterReadinessHandlers = []
        for handler in current { handler.turn() }
    }

    private func fireTimers() {
        timers.advance(to: now)
        while let (_, timer) = timers.popDue() { timer.handler.timerFired(token: timer.token) }
    }

    private func reportClosed() {
        // A handler may close further sockets; they are reported in the same turn.
        while !closedSockets.isEmpty {
            let current = closedSockets
            closedSockets = []
            for socket in current { socket.reportClosed() }
        }
    }

    private func flush() {
        if unflushedSockets.isEmpty { return }
        let current = unflushedSockets
        // What gets something to send during the flush waits for the next turn, which follows at once.
        unflushedSockets = []
        for socket in current { socket.flush() }
    }
}

// Descriptors and points of the turn.
extension EventLoop {
    /// Watches `descriptor`, and keeps `handler` alive until `unregister`. The descriptor stays the caller's.
    package func register(
        _ descriptor: Int32, for interest: Readiness, handler: any ReadinessHandler
    ) throws(SystemError) -> Registration {
        try poller.add(descriptor, for: interest, handler: handler)
    }

    /// Asks for other events of a watched descriptor.
    package func change(
        _ registration: Registration, _ descriptor: Int32, to interest: Readiness
    ) throws(SystemError) {
        try poller.change(registration, descriptor, to: interest)
    }

    /// Watches `descriptor` no longer; call it before closing that. Nothing is told after it.
    package func unregister(_ registration: Registration, _ descriptor: Int32) {
        poller.remove(registration, descriptor)
    }

    /// Calls `handler` near the end of every turn, after those registered before it and before sockets flush.
    package func atTurnEnd(_ handler: any TurnHandler) { endHandlers.append(handler) }

    /// Calls `handler` once, after all ready descriptors of this turn.
    func afterReadiness(_ handler: any TurnHandler) { afterReadinessHandlers.append(handler) }

    /// Flushes `socket` at the end of the turn.
    func flushLater(_ socket: TCPSocket) { unflushedSockets.append(socket) }

    /// Reports `socket` as closed near the end of the turn.
    func reportLater(_ socket: TCPSocket) { closedSockets.append(socket) }
}

// Timers.
extension EventLoop {
    /// Calls `handler`, with `token`, in the first turn that begins at `deadline` or later.
    package func schedule(_ handler: any TimerHandler, token: Int = 0, at deadline: Instant) -> TimerID {
        timers.schedule(Timer(handler: handler, token: token), at: deadline)
    }

    /// Moves a timer to another deadline; false where it fired already.
    @discardableResult
    package func reschedule(_ id: TimerID, at deadline: Instant) -> Bool {
        timers.reschedule(id, at: deadline)
    }

    /// Forgets a timer; false where it fired already.
    @discardableResult
    package func cancel(_ id: TimerID) -> Bool { timers.cancel(id) }
}
