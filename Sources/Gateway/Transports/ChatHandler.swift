import Chat
import ChatProtocol
import Logging
import WebSocket

/// `/ws`: messages are commands as the dialect spells them, and the hub's to judge.
final class ChatHandler: MessageHandler {
    let messageBytes: Int
    let expectsConnect = true
    private let dialect: any Dialect
    private unowned let worker: Worker

    init(_ dialect: any Dialect, worker: Worker) {
        self.dialect = dialect
        self.worker = worker
        messageBytes = worker.configuration.limits.announced.messageBytes
    }

    func handle(_ message: inout IncomingMessage, of transport: WebSocketTransport) -> Bool {
        let isText = message.kind == .text
        var isBlank = message.progress.offset == 0
        dialect.lines(in: message.bytes, isText: isText, from: &message.progress) { line in
            isBlank = false
            carryOut(line, of: transport)
            return !transport.isOver && !transport.isFull
        }
        if isBlank { transport.countBlank() }
        // Even where this was the last line: one more call finds none, once the answers have left.
        return !transport.isFull
    }

    private func carryOut(_ line: DialectLine, of transport: WebSocketTransport) {
        switch line {
        case .command(let envelope):
            if case .connect(let connect) = envelope.command {
                worker.log.debug(
                    "connect", metadata: transport.names.metadata(["client": "\(connect.client ?? "-")"]))
            }
            worker.tell(.command(transport.key, envelope))
        case .malformed(let id, let error): worker.tell(.malformed(transport.key, id, error))
        case .broken(let sentence):
            worker.log.debug(
                "not the protocol", metadata: transport.names.metadata(["reason": "\(sentence)"]))
            transport.end(
                WebSocket.CloseCode(.badFrame),
                reason: WebSocketTransport.reason(of: Disconnect(.badFrame), sentence),
                telling: .undecodable(transport.key))
        case .unacceptable:
            transport.end(
                .unacceptableData, reason: "This server takes text frames only.",
                telling: .closed(transport.key))
        }
    }
}
