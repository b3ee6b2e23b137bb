import Glibc
import Synchronization
import Testing

@testable import Networking

@Suite("Signals")
struct SignalsTests {
    final class Receiver: SignalHandler {
        var signals: [Signal] = []
        func received(_ signal: Signal) { signals.append(signal) }
    }

    /// The signals are directed at one thread that blocks them, so the test process never sees them.
    @Test("the operator's signals reach the handler on its loop, and a broken pipe kills nobody")
    func delivers() throws {
        let seen = Mutex<[Signal]>([])
        let brokenPipe = Atomic<Int32>(0)
        try withLoopThread { loop in
            Signals.prepare()
            let receiver = Receiver()
            guard let signals = try? Signals(on: loop, handler: receiver) else { return }
            for number in [SIGTERM, SIGINT, SIGHUP] { pthread_kill(pthread_self(), number) }
            _ = try? loop.turns { receiver.signals.count == 3 }
            signals.close()
            seen.withLock { $0 = receiver.signals }
            var ends: [Int32] = [0, 0]
            guard pipe(&ends) == 0 else { return }
            close(ends[0])
            var byte: UInt8 = 0
            if write(ends[1], &byte, 1) < 0 { brokenPipe.store(errno, ordering: .relaxed) }
            close(ends[1])
        }
        #expect(Set(seen.withLock { $0 }) == [.terminate, .interrupt, .hangup])
        #expect(brokenPipe.load(ordering: .relaxed) == EPIPE)
    }

    /// In a process of its own: a limit holds for the whole process, and so does what a parent ignored.
    @Test("a write beyond the largest file allowed is the error EFBIG, and kills nobody")
    func fileTooLarge() async {
        await #expect(processExitsWith: .exitCode(EFBIG)) {
            signal(SIGXFSZ, SIG_DFL)
            // Dispatch's threads block every signal.
            var none = sigset_t()
            pthread_sigmask(SIG_SETMASK, &none, nil)
            Signals.prepare()
            var limit = rlimit()
            getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            limit.rlim_cur = 0
            setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            guard let file = tmpfile() else { exit(EXIT_SUCCESS) }
            var byte: UInt8 = 0
            exit(write(fileno(file), &byte, 1) < 0 ? errno : EXIT_SUCCESS)
        }
    }

    private func withLoopThread(_ body: @escaping @Sendable (EventLoop) -> Void) throws {
        try LoopThread(name: "signals", body: body).join()
    }
}
