import Bytes
import Chat
import ChatProtocol

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
    /// and framing.
    func frame(_ message: [UInt8]) -> SharedBytes
    /// Queues a frame; it leaves at the end of the turn.
    func send(_ frame: SharedBytes)
    /// Asks for a sign of life below the dialect.
    func ping()
    /// Says goodbye and ends; what was queued before still leaves.
    func disconnect(_ disconnect: Disconnect, sentence: String?)
}

/// The ways of framing, as small numbers.
enum Framing: Int, CaseIterable {
    case webSocket = 0
}
