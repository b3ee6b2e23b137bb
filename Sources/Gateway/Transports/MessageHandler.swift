import WebSocket

/// What becomes of a WebSocket's messages: commands of a session, or an echo. One serves all WebSockets of
/// its kind on a worker and keeps nothing of any; what differs between them stays in the transport.
protocol MessageHandler: AnyObject {
    /// The most bytes of one message over all its fragments; beyond it the peer is failed with 1009.
    var messageBytes: Int { get }
    /// Whether a session of this kind begins with a `connect`, and is closed when none comes in time.
    var expectsConnect: Bool { get }

    /// Carries out what stands in `message`, from its progress on. False where that has to wait until what
    /// is queued has left: nothing more is read, and then the same message comes again.
    func handle(_ message: inout IncomingMessage, of transport: WebSocketTransport) -> Bool
}

/// A whole message, and how far it has been read.
struct IncomingMessage {
    let kind: MessageKind
    let bytes: [UInt8]
    var progress = DialectProgress()
}
