internal import CLinux
import Glibc

/// What the operator asks for.
package enum Signal: Hashable, Sendable {
    /// SIGTERM: drain.
    case terminate
    /// SIGINT: the same from a keyboard.
    case interrupt
    /// SIGHUP: read again what was read at the start.
    case hangup
}

/// Is told of signals on its loop.
package protocol SignalHandler: AnyObject {
    /// `signal` came to the process.
    func received(_ signal: Signal)
}

/// Delivers SIGTERM, SIGINT and SIGHUP to a handler on a loop; nothing runs in a signal's context.
package final class Signals: ReadinessHandler {
    private let loop: EventLoop
    private let handler: any SignalHandler
    private var descriptor: Descriptor
    private var registration = Registration.none

    /// Takes the three signals from this thread and from every thread it starts later, and makes errors of
    /// what would otherwise be the process's death: EPIPE for a write to a broken connection, EFBIG for one
    /// beyond the largest file allowed. Call it before any thread is started.
    package static func prepare() {
        var set = watched()
        pthread_sigmask(SIG_BLOCK, &set, nil)
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
    }

    /// Tells `handler` on `loop`, which keeps both alive until `close`. `prepare` must have been called.
    package init(on loop: EventLoop, handler: any SignalHandler) throws(SystemError) {
        self.loop = loop
        self.handler = handler
        var set = Self.watched()
        descriptor = Descriptor(try checkedCall("signalfd") { signalfd(-1, &set, LINUX_SIGNALFD_FLAGS) })
        registration = try loop.register(descriptor.number, for: .readable, handler: self)
    }

    /// Tells no more; the signals stay blocked.
    package func close() {
        loop.unregister(registration, descriptor.number)
        descriptor.close()
    }

    /// A signal waits.
    package func ready(_ readiness: Readiness) {
        var information = signalfd_siginfo()
        let size = MemoryLayout<signalfd_siginfo>.size
        // One a turn: what is left wakes the loop again.
        guard case .done(size)? = try? systemCall("read", { read(descriptor.number, &information, size) })
        else {
            return
        }
        switch Int32(bitPattern: information.ssi_signo) {
        case SIGTERM: handler.received(.terminate)
        case SIGINT: handler.received(.interrupt)
        case SIGHUP: handler.received(.hangup)
        default: break
        }
    }

    private static func watched() -> sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        sigaddset(&set, SIGTERM)
        sigaddset(&set, SIGINT)
        sigaddset(&set, SIGHUP)
        return set
    }
}
