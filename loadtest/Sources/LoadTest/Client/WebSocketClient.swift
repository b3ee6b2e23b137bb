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

    /// What the handshake asks for.
    struct Request {
        /// Where.
        var path = "/ws"
        /// The protocol that is offered, if one is; the server chooses it or none.
        var subprotocol: String? = "parley.v1"
        /// Offers to compress, and compresses with this; nil: neither.
        var deflate: DeflatePool?
    }

    private enum State { case handshake, open, closing, closed }

    /// The largest answer with the default limits (chat.md §2), and some more.
    static let messageByteLimit = 8 * 1024 * 1024

    private let accept: String
    private let request: Request
    private var state = State.handshake
    private var handshake = ByteQueue()
    private var frames = FrameReader(from: .server)
    private var messages = MessageAssembler(limit: messageByteLimit)
    private var deflate: MessageDeflate?
    private var control: [UInt8] = []
    private var events: [Event] = []
    private var output = ByteWriter()
    private var random = SystemRandomNumberGenerator()

    /// Begins the handshake with `host`; `key` is sixteen random bytes.
    init(host: String, request: Request = Request(), key: [UInt8]) {
        let text = Base64.encode(key.span)
        accept = Handshake.accept(text)
        self.request = request
        output.append(
            "GET \(request.path) HTTP/1.1\r\nHost: \(host)\r\nUpgrade: websocket\r\n"
                + "Connection: Upgrade\r\nSec-WebSocket-Key: \(text)\r\nSec-WebSocket-Version: 13\r\n")
        if let subprotocol = request.subprotocol {
            output.append("Sec-WebSocket-Protocol: \(subprotocol)\r\n")
        }
        if request.deflate != nil { output.append("Sec-WebSocket-Extensions: \(Self.offer.text)\r\n") }
        output.append("\r\n")
    }

    /// Any window will do, on either side.
    private static let offer = {
        var offer = DeflateOffer()
        offer.clientWindow = .adjustable
        return offer
    }()

    /// Whether the server took the offer to compress.
    var isCompressing: Bool { deflate != nil }

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
        if let payload = deflate?.compressed(text.span) {
            FrameWriter.write(
                .text, payload.span, isCompressed: true, maskKey: random.next(), to: &output)
        } else {
            FrameWriter.write(.text, text.span, maskKey: random.next(), to: &output)
        }
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
                head.fields.list("Connection", contains: "Upgrade"), agree(on: head.fields),
                head.fields["Sec-WebSocket-Protocol"] ?? request.subprotocol == request.subprotocol
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

    /// RFC 6455 §9.1: the server may take one of our offers, and nothing else.
    private mutating func agree(on fields: HTTPFields) -> Bool {
        guard let answers = ExtensionOffer.list(in: fields) else { return false }
        guard let answer = answers.first else { return true }
        guard answers.count == 1, let pool = request.deflate,
            let parameters = DeflateParameters(answer: answer, to: Self.offer)
        else { return false }
        let deflate = MessageDeflate(parameters, as: .client, from: pool)
        self.deflate = deflate
        frames = FrameReader(from: .server, deflate: true)
        messages = MessageAssembler(limit: Self.messageByteLimit, deflate: deflate)
        return true
    }

    private mutating func receiveFrames(_ chunk: Span<UInt8>) {
        var offset = 0
        do throws(WebSocketError) {
            while state == .open || state == .closing, let piece = try frames.next(chunk, at: &offset) {
                if piece.header.opcode.isControl {
                    receiveControl(piece, chunk.extracting(piece.range))
                } else if let message = try messages.receive(piece, of: chunk) {
                    guard message.kind == .text else { return end(.failed("a binary message")) }
                    if state == .open { events.append(.text(message.bytes)) }
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

    private mutating func end(_ event: Event) {
        state = .closed
        events.append(event)
        messages.drop()
    }
}
