import ChatProtocol
import Networking
import Time
import WebSocket

/// What takes a clock to judge about a WebSocket's frames: how many small ones may come in a while, and how
/// long a message may take. Between messages it costs nothing but its own few bytes.
struct FramePace {
    /// The limits, the same for all connections of a worker.
    struct Limits {
        let controls: TokenRate
        let messageTime: Duration

        init(_ limits: AnnouncedLimits) {
            controls = TokenRate(perSecond: limits.controlsPerSecond, burst: limits.controlBurst)
            messageTime = .milliseconds(limits.messageMs)
        }
    }

    private var controls = TokenBucket()
    /// The message that is not whole, as the connection calls it, and the timer that runs for it.
    private var unfinished: UInt32?
    private var timer: TimerID?

    /// Bytes came: counts the small frames among them, and times what they left unfinished. The connection
    /// fails where there were too many.
    mutating func received(
        by core: inout WebSocketConnection, of transport: WebSocketTransport, on worker: Worker
    ) {
        let small = core.takeSmallFrames()
        if small > 0 { spend(small, by: &core, on: worker) }
        // A KiB that had to be inflated out of next to nothing costs as much as a small frame.
        let growth = core.takeGrowth() / 1_024
        if growth > 0 { spend(growth, by: &core, on: worker, orBreak: .tooMuchInflated) }
        guard core.unfinished != unfinished else { return }
        stop(on: worker.loop)
        unfinished = core.unfinished
        if unfinished != nil { start(of: transport, on: worker) }
    }

    /// So many small frames came, or what costs as much.
    mutating func spend(
        _ count: Int, by core: inout WebSocketConnection, on worker: Worker,
        orBreak rule: WebSocketError = .tooManyControls
    ) {
        guard controls.take(count, of: worker.pace.controls, at: worker.loop.now) != nil else { return }
        core.breaks(rule)
    }

    /// The time is over. What the peer may have sent and was not read is not held against it.
    mutating func timerFired(
        in core: inout WebSocketConnection, isReading: Bool, of transport: WebSocketTransport,
        on worker: Worker
    ) {
        timer = nil
        guard unfinished != nil, core.unfinished == unfinished else { return }
        if isReading { core.breaks(.messageTooSlow) } else { start(of: transport, on: worker) }
    }

    /// Nothing is waited for any more.
    mutating func stop(on loop: EventLoop) {
        if let timer { loop.cancel(timer) }
        timer = nil
        unfinished = nil
    }

    private mutating func start(of transport: WebSocketTransport, on worker: Worker) {
        timer = worker.loop.schedule(transport, at: worker.loop.now + worker.pace.messageTime)
    }
}

extension DoorLimit {
    /// The limit that this failure is; nil where the peer broke a rule of the RFC.
    init?(_ error: WebSocketError) {
        switch error {
        case .messageTooBig: self = .messageBytes
        case .messageTooSlow: self = .messageTime
        case .tooManyControls: self = .controlRate
        case .tooMuchInflated: self = .inflatedBytes
        default: return nil
        }
    }
}
