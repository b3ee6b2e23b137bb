import Bytes
import HTTP1
import WebSocket

/// The client's side of one WebSocket (RFC 6455): opening handshake, frames, closing handshake. Bytes in,
/// events and bytes out; it knows no socket and no meaning.
struct WebSocketClient {
    /// What happened.
    enum Event: Equatable {
        /// The handshake is done.
        case opened
        /// A whole text message.
        case text([UInt8])
        /// The last event: the server ended it, or answered our close.
        case closed(code: UInt16, reason: [UInt8])
        /// The last event: the handshake was answered with this status instead of 101.
        case refused(status: Int)
        /// The last event: what the server sends breaks a rule.
        case failed(String)
    }

    private enum State { case handshake, open, closing, closed }

    /// The largest answer with the default limits (chat.md §2), and some more.
    static let messageByteLimit = 8 * 1024 * 1024

    private let accept: String
    private var state = State.handshake
    private var handshake = ByteQueue()
    private var frames = FrameReader(from: .server)
    private var control: [UInt8] = []
    private var message: [UInt8] = []
    private var isInMessage = false
    private var events: [Event] = []
    private var output = ByteWriter()
    private var random = SystemRandomNumberGenerator()

    /// Begins the handshake with `host`; `key` is sixteen random bytes.
    init(host: String, key: [UInt8]) {
        let text = Base64.encode(key.span)
        accept = Handshake.accept(text)
        output.append(
            "GET /ws HTTP/1.1\r\nHost: \(host)\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Key: \(text)\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Protocol: parley.v1\r\n\r\n")
    }

    /// Whether messages can be sent.
    var isOpen: Bool { state == .open }

    /// The bytes to send; they are forgotten here.
    mutating func takeOutput() -> [UInt8] {
        let taken = output
        output = ByteWriter()
        return taken.finish()
    }

    /// What happened since the last call, in order.
    mutating func takeEvents() -> [Event] {
        let taken = events
        events = []
        return taken
    }

    /// Queues a text message; ignored unless open.
    mutating func send(_ text: [UInt8]) {
        guard state == .open else { return }
        FrameWriter.write(.text, text.span, maskKey: random.next(), to: &output)
    }

    /// Begins the closing handshake with 1000; ignored unless open.
    mutating func close() {
        guard state == .open else { return }
        FrameWriter.writeClose(.normal, maskKey: random.next(), to: &output)
        state = .closing
    }

    /// Takes bytes of the network.
    mutating func receive(_ chunk: Span<UInt8>) {
        if state == .handshake {
            handshake.append(chunk)
            guard answerHandshake() else { return }
            let rest = [UInt8](handshake.span)
            handshake.removeAll()
            return receiveFrames(rest.span)
        }
        receiveFrames(chunk)
    }

    private mutating func answerHandshake() -> Bool {
        do throws(ResponseError) {
            guard let head = try ResponseHead.read(handshake.span) else { return false }
            guard head.status == 101 else {
                end(.refused(status: head.status))
                return false
            }
            guard head.fields["Sec-WebSocket-Accept"] == accept,
                head.fields.list("Upgrade", contains: "websocket"),
                head.fields.list("Connection", contains: "Upgrade"),
                head.fields["Sec-WebSocket-Extensions"] == nil,
                head.fields["Sec-WebSocket-Protocol"] ?? "parley.v1" == "parley.v1"
            else {
                // RFC 6455 §4.1: each of them is checked by the client.
                end(.failed("the 101 does not answer what was asked"))
                return false
            }
            handshake.removeFirst(head.count)
            state = .open
            events.append(.opened)
            return true
        } catch {
            end(.failed(error.sentence))
            return false
        }
    }

    private mutating func receiveFrames(_ chunk: Span<UInt8>) {
        var offset = 0
        do throws(WebSocketError) {
            while state == .open || state == .closing, let piece = try frames.next(chunk, at: &offset) {
                if piece.header.opcode.isControl {
                    receiveControl(piece, chunk.extracting(piece.range))
                } else {
                    try receiveData(piece, chunk.extracting(piece.range))
                }
            }
        } catch {
            end(.failed(error.sentence))
        }
    }

    private mutating func receiveControl(_ piece: FrameReader.Piece, _ bytes: Span<UInt8>) {
        control.append(bytes)
        guard piece.isLast else { return }
        let payload = control
        control = []
        switch piece.header.opcode {
        case .ping:
            guard state == .open else { return }
            FrameWriter.write(.pong, payload.span, maskKey: random.next(), to: &output)
        case .close:
            if state == .open {
                FrameWriter.write(
                    .close, payload.span.extracting(first: min(2, payload.count)), maskKey: random.next(),
                    to: &output)
            }
            let code = payload.count < 2 ? 1005 : UInt16(payload[0]) << 8 | UInt16(payload[1])
            end(.closed(code: code, reason: Array(payload.dropFirst(2))))
        default: break
        }
    }

    private mutating func receiveData(
        _ piece: FrameReader.Piece, _ bytes: Span<UInt8>
    ) throws(WebSocketError) {
        if piece.isFirst {
            let continues = piece.header.opcode == .continuation
            guard continues == isInMessage else {
                throw continues ? .unexpectedContinuation : .interruptedMessage
            }
            guard continues || piece.header.opcode == .text else {
                return end(.failed("a binary message"))
            }
            isInMessage = true
            guard piece.header.payloadCount <= Self.messageByteLimit - message.count else {
                throw .messageTooBig
            }
        }
        message.append(bytes)
        guard piece.isLast, piece.header.isFinal else { return }
        if state == .open { events.append(.text(message)) }
        message = []
        isInMessage = false
    }

    private mutating func end(_ event: Event) {
        state = .closed
        events.append(event)
        message = []
    }
}
