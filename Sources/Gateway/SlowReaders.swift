import Chat
import DequeModule

/// The sessions of a worker that do not read as fast as is written to them: looks at them again, and drops
/// the slowest when all queues together cost too much.
final class SlowReaders {
    private unowned let worker: Worker
    /// Sessions with too much queued in this turn, and in the one before: the flush lies between.
    private var suspects: [WebSocketTransport] = []
    private var earlierSuspects: [WebSocketTransport] = []
    /// Sessions over their queue limit, and some that no longer are, in the order they became so.
    private var congested: Deque<WebSocketTransport> = []

    init(worker: Worker) { self.worker = worker }

    /// Too much is queued for it now; it is looked at again when the kernel has had its turn.
    func suspect(_ transport: WebSocketTransport) { suspects.append(transport) }

    /// Too much waits for the session; the longest like this goes first when all together cost too much.
    func note(_ transport: WebSocketTransport) {
        // None is over its limit longer than `slowTimeout`, so what is left behind the first is not much.
        while let first = congested.first, !first.isCongested { congested.removeFirst() }
        worker.counters.limits[.queueBytes, default: 0] += 1
        congested.append(transport)
    }

    /// The end of a turn, before sockets flush.
    func turn() {
        let checked = earlierSuspects
        earlierSuspects = suspects
        suspects = []
        for transport in checked { transport.checkCongestion() }
        if !checked.isEmpty { keepBudget() }
    }

    /// Many slow sessions, each within its limit, could still take all the memory there is.
    private func keepBudget() {
        var excess = worker.sessions.queuedBytes - worker.configuration.limits.allQueuesBytes
        while excess > 0, let transport = congested.popFirst() {
            let waiting = transport.queuedBytes
            guard transport.dropIfCongested() else { continue }
            worker.counters.dropped += 1
            worker.counters.limits[.allQueuesBytes, default: 0] += 1
            excess -= waiting
        }
    }
}
