package import Networking
import Synchronization

/// The way to an archive's thread: gives every worker its endpoint, and ends the thread.
package final class ArchiveDoor: Sendable {
    private let mailbox: Mailbox<ArchiveRequest>
    private let thread: LoopThread
    private let lastEndpoint = Atomic<UInt64>(0)
    private let isClosed = Atomic(false)

    /// The way to `thread`, which takes what `mailbox` brings and ends at `close`.
    package init(_ mailbox: Mailbox<ArchiveRequest>, to thread: LoopThread) {
        self.mailbox = mailbox
        self.thread = thread
    }

    deinit { close() }

    /// What `ArchiveStore` promises of an endpoint.
    package func endpoint(
        on loop: EventLoop, news: @escaping (ArchiveNews) -> Void
    ) throws(SystemError) -> ArchiveEndpoint {
        let number = lastEndpoint.wrappingAdd(1, ordering: .relaxed).newValue
        let archive = try ArchiveEndpoint(number, on: loop, requests: mailbox, news: news)
        if isClosed.load(ordering: .acquiring) {
            archive.answers.post(.closed)
        } else {
            mailbox.post(.endpoint(number, archive.answers))
        }
        return archive
    }

    /// Has the thread finish what it accepted, and waits for its end. Repeatable.
    package func close() {
        isClosed.store(true, ordering: .releasing)
        mailbox.post(.close)
        thread.join()
    }
}
