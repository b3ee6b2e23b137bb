package import Networking

/// The archive of a process, on a thread of its own, with an endpoint for every worker. Closing it waits for
/// the disk, or for the server.
package protocol ArchiveStore: Sendable {
    /// An archive for the worker that runs `loop`; call it on that worker's thread, and before `close`.
    /// `news` is told what the archive says unasked, on that loop.
    func endpoint(
        on loop: EventLoop, news: @escaping (ArchiveNews) -> Void
    ) throws(SystemError) -> ArchiveEndpoint

    /// Whether publications can be stored now.
    var isHealthy: Bool { get }

    /// What is wrong or weak, for `/readyz`: sentences that say what to do. Not empty where `isHealthy` is
    /// false; what is weak but works is told too.
    var remarks: [String] { get }

    /// What the archive did since it was opened.
    var statistics: ArchiveStatistics { get }

    /// Finishes what was asked before and ends the thread. What is asked later is answered `unavailable`.
    /// Repeatable.
    func close()
}

/// A change in whether the archive can be written, for the log.
package enum ArchiveEvent: Sendable, Hashable {
    /// Drafts are answered `unavailable` from now on; it is tried again and again.
    case cannotWrite(reason: String)
    /// A write went through again.
    case writesAgain
    /// Something an operator should know; nothing failed.
    case notice(String)
}
