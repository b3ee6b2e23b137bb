import Glibc
import Testing

@testable import Networking

@Suite("Loop threads")
struct LoopThreadTests {
    final class Stopper: MailboxHandler {
        let loop: EventLoop
        init(_ loop: EventLoop) { self.loop = loop }
        func received(_ messages: [Bool]) { loop.stop() }
    }

    @Test("the body runs on a thread of its own, and a posted message stops its loop")
    func runsAndStops() throws {
        let caller = pthread_self()
        let mailbox = Lock<Mailbox<Bool>?>(nil)
        let other = Lock<pthread_t?>(nil)
        let thread = try LoopThread(name: "a name that is too long for the kernel") { loop in
            other.withLock { $0 = pthread_self() }
            guard let receiver = try? MailboxReceiver(on: loop, handler: Stopper(loop)) else { return }
            receiver.mailbox.post(true)
            mailbox.withLock { $0 = receiver.mailbox }
            try? loop.run()
        }
        thread.join()
        thread.join()
        #expect(other.withLock { $0 } != nil && other.withLock { $0 } != caller)
        // Its loop has gone by now.
        mailbox.withLock { $0 }?.post(true)
    }
}
