import Chat
import Networking
import TLS

/// What reaches a worker from other threads.
enum WorkerMessage: Sendable {
    /// The other workers are there: listen, and talk to them.
    case begin(WorkerStart)
    /// News from another worker's hub.
    case news([News])
    /// Another worker asks for figures.
    case figuresWanted(by: Mailbox<WorkerMessage>, round: UInt64)
    /// A worker's figures, as asked for.
    case figures(WorkerFigures, round: UInt64)
    /// The certificates were read again: new connections use these.
    case certificates(TLSContext)
    /// Stop accepting, say goodbye, flush.
    case drain(afterMs: Int)
}

/// What a worker learns once all of them are there.
struct WorkerStart: Sendable {
    /// The process among all that share an archive: a random number.
    var instance: UInt64
    /// Where to listen.
    var addresses: [ListenAddress]
    /// What TLS connections are made from, where there are any.
    var tls: TLSContext?
    /// The other workers.
    var others: [Mailbox<WorkerMessage>]
}

/// What the server's main loop hears from its workers.
enum ServerMessage: Sendable {
    /// The worker runs and can be written to.
    case ready(worker: Int, Mailbox<WorkerMessage>)
    /// It listens there.
    case listening(worker: Int, [SocketAddress])
    /// It could not.
    case failed(worker: Int, String)
    /// Everyone has gone, everything is written.
    case drained(worker: Int)
}

/// The way to another worker's hub.
final class WorkerCarrier: NewsCarrier {
    private let mailbox: Mailbox<WorkerMessage>

    init(_ mailbox: Mailbox<WorkerMessage>) { self.mailbox = mailbox }

    func carry(_ news: [News]) { mailbox.post(.news(news)) }
}
