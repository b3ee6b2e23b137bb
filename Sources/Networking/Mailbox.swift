internal import CLinux
import Glibc

/// The way into a loop from any thread: what is posted is handled on that loop, in order per poster.
///
/// The only thing in the house that crosses threads. Posting to a loop that has gone is harmless: the message
/// is dropped.
package final class Mailbox<Message: Sendable>: Sendable {
    private struct State: Sendable {
        var messages: [Message] = []
        var isOpen = true
    }

    private let state = Lock(State())
    /// An eventfd; closed with the last reference, so a late post never writes into a stranger's descriptor.
    private let wake: WakeDescriptor

    fileprivate init() throws(SystemError) { wake = try WakeDescriptor() }

    /// Posts one message.
    package func post(_ message: Message) {
        let wasEmpty = state.withLock { state in
            guard state.isOpen else { return false }
            state.messages.append(message)
            return state.messages.count == 1
        }
        if wasEmpty { wake.signal() }
    }

    /// Posts several messages at once: they are handled in one batch.
    package func post(contentsOf messages: [Message]) {
        guard !messages.isEmpty else { return }
        let wasEmpty = state.withLock { state in
            guard state.isOpen else { return false }
            state.messages.append(contentsOf: messages)
            return state.messages.count == messages.count
        }
        if wasEmpty { wake.signal() }
    }

    fileprivate var descriptor: Int32 { wake.number }

    fileprivate func take() -> [Message] {
        // First the signal, then the messages: what comes in between signals again, and is never overlooked.
        wake.clear()
        return state.withLock { state in
            let messages = state.messages
            state.messages = []
            return messages
        }
    }

    fileprivate func close() {
        state.withLock { state in
            state.isOpen = false
            state.messages = []
        }
    }
}

/// Is handed what was posted.
package protocol MailboxHandler<Message>: AnyObject {
    /// What this handler understands.
    associatedtype Message: Sendable
    /// Everything posted since the last time, oldest first; called once a turn at most.
    func received(_ messages: [Message])
}

/// The loop's end of a mailbox.
package final class MailboxReceiver<Message: Sendable>: ReadinessHandler, TurnHandler {
    /// What to hand to other threads.
    package let mailbox: Mailbox<Message>
    private let loop: EventLoop
    private let handler: any MailboxHandler<Message>
    private var registration = Registration.none

    /// Opens a mailbox whose messages `handler` gets on `loop`, which keeps both alive until `close`.
    package init(on loop: EventLoop, handler: any MailboxHandler<Message>) throws(SystemError) {
        mailbox = try Mailbox()
        self.loop = loop
        self.handler = handler
        registration = try loop.register(mailbox.descriptor, for: .readable, handler: self)
    }

    deinit { mailbox.close() }

    /// Drops what waits and all that is posted from now on.
    package func close() {
        loop.unregister(registration, mailbox.descriptor)
        registration = .none
        mailbox.close()
    }

    /// Mailboxes come after all ready descriptors of the turn.
    package func ready(_ readiness: Readiness) { loop.afterReadiness(self) }

    /// Hands over the batch.
    package func turn() {
        let messages = mailbox.take()
        if !messages.isEmpty { handler.received(messages) }
    }
}

/// Owns an eventfd that any thread may signal.
private final class WakeDescriptor: Sendable {
    let number: Int32

    init() throws(SystemError) {
        number = try checkedCall("eventfd") { eventfd(0, LINUX_EVENTFD_FLAGS) }
    }

    deinit { _ = Glibc.close(number) }

    func signal() {
        var one: UInt64 = 1
        // EAGAIN would mean 2^64 - 2 signals nobody read: the loop is awake in any case.
        while write(number, &one, 8) < 0 && errno == EINTR {}
    }

    func clear() {
        var count: UInt64 = 0
        while read(number, &count, 8) < 0 && errno == EINTR {}
    }
}
