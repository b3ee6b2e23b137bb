/// `/echo`: every message goes back as it came. For conformance suites and load tools, with `--diagnostics`
/// only.
final class EchoHandler: MessageHandler {
    /// Autobahn's largest messages; beyond it 1009 like everywhere.
    let messageBytes = 16 * 1_048_576
    let expectsConnect = false

    func handle(_ message: inout IncomingMessage, of transport: WebSocketTransport) -> Bool {
        // Back-pressure: at most one message is added to what is more than enough already.
        guard !transport.isFull else { return false }
        transport.send(message.kind, message.bytes.span)
        return true
    }
}
