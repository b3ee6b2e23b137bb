import Bytes
import Chat
import ChatProtocol
import WebSocket

/// How one session's bytes travel now.
protocol Transport: AnyObject {
    /// What it is called in the log.
    var names: LogNames { get }
    /// How its session spells things.
    var dialect: any Dialect { get }
    /// Which way of framing this is; the fan-out keeps one frame per dialect and framing.
    var framing: Framing { get }

    /// Bytes that wait to be read by the session.
    var queuedBytes: Int { get }

    /// A message as this kind of transport carries it, to be queued by reference on as many as share dialect
    /// and framing. It must be sent, and before the next.
    func frame(_ message: [UInt8]) -> SharedBytes
    /// Queues a frame; it leaves at the end of the turn.
    func send(_ frame: SharedBytes)
    /// Asks for a sign of life below the dialect.
    func ping()
    /// Says goodbye and ends; what was queued before still leaves.
    func disconnect(_ disconnect: Disconnect, sentence: String?)
}

/// The ways of framing.
enum Framing: Hashable {
    case webSocket
    /// Compressed with a window of so many bits, 9 to 15, and nothing before it.
    case deflated(windowBits: Int)
    /// Compressed with what went before on the same connection: a frame is for that connection only.
    case deflatedInContext

    /// How messages of a connection with this compression are framed.
    init(_ deflate: MessageDeflate) {
        self = deflate.sharedWindowBits.map { .deflated(windowBits: $0) } ?? .deflatedInContext
    }

    /// How many there are that can be shared.
    static let sharedCount = 8

    /// Those that can be shared, as small numbers; nil for the other.
    var place: Int? {
        switch self {
        case .webSocket: 0
        case .deflated(let windowBits): windowBits - 8
        case .deflatedInContext: nil
        }
    }
}
