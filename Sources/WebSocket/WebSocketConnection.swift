import Bytes

/// The server's side of one WebSocket after its handshake (RFC 6455): bytes in, events and bytes out. Answers
/// pings, runs the closing handshake, refuses what breaks a rule. Knows no socket, no time and no meaning.
///
///     open ──close()──► closing ──peer's close──► closed
///       └── peer's close, a broken rule, the end of the bytes ──► closed
///
/// What a frame is answered with, a pong or a close, is written when its event is taken: it follows what was
/// sent upon the events before it.
///
/// Between messages it owns no memory but its own few bytes.
package struct WebSocketConnection {
    /// What happened.
    package enum Event: Sendable, Hashable {
        /// A whole message; text is UTF-8.
        case message(MessageKind, [UInt8])
        /// The peer pinged; the pong is in the output.
        case ping([UInt8])
        /// The peer answered a ping, or just said that it lives.
        case pong([UInt8])
        /// The last event: the connection is closed. `noStatus` if the peer named no code, `abnormal` if its
        /// bytes ended without a close frame.
        case closed(CloseCode, reason: String)
        /// The last event: the peer broke a rule. The close frame that says so is in the output.
        case failed(WebSocketError)
    }

    private enum State { case open, closing, closed }

    /// Text seldom shrinks to less than a sixteenth: what grows by more is work that its bytes do not show.
    private static let freeRatio = 16

    /// So many pongs wait in the output before the others make way for the last (RFC 6455 §5.5.3).
    private static let pongsInOutput: UInt8 = 16

    private var frames: FrameReader
    private var messages: MessageAssembler
    /// The payload of a control frame that is not all there.
    private var control: [UInt8] = []
    private var events = EventQueue()
    private var output = ByteWriter()
    /// The last ping that found too many pongs waiting.
    private var latePing: [UInt8]?
    private var pongCount: UInt8 = 0
    private var state = State.open
    /// The last event is known, and perhaps not yet taken: nothing more is read.
    private var hasEnded = false
    private var smallFrames = 0
    /// How far messages may grow beyond `freeRatio` between two times that this is asked; nil is any.
    private let growthLimit: Int?
    private var growth = 0
    /// How often nothing was left open behind a frame; only whether it changed matters.
    private var boundaries: UInt32 = 0

    /// `messageBytes`: the most bytes of one message over all its fragments; beyond it the peer is failed
    /// with 1009 as soon as it declares so many, or as soon as they are inflated. `deflate`: the compression
    /// agreed on, of this connection alone.
    /// `boundsGrowth`: many messages that grow out of few bytes fail the peer as well (`takeGrowth`).
    package init(messageBytes limit: Int, deflate: MessageDeflate? = nil, boundsGrowth: Bool = false) {
        growthLimit = boundsGrowth ? max(limit, 1_048_576) : nil
        frames = FrameReader(from: .client, deflate: deflate != nil)
        messages = MessageAssembler(limit: limit, deflate: deflate)
    }

    /// Whether nothing will be read or sent any more: the last event was taken. Take the output, send it, and
    /// close the TCP connection (RFC 6455 §7.1.1: the server does so first).
    package var isClosed: Bool { state == .closed }

    /// Whether messages can still be sent.
    package var isOpen: Bool { state == .open }

    // MARK: Network to core

    /// Takes bytes of the network. After the close or a failure they are ignored.
    package mutating func receive(_ chunk: Span<UInt8>) {
        var offset = 0
        do throws(WebSocketError) {
            while !hasEnded, let piece = try frames.next(chunk, at: &offset) {
                if piece.isFirst, piece.header.isSmall { smallFrames += 1 }
                if piece.header.opcode.isControl {
                    try receiveControl(piece, of: chunk)
                } else if state == .open, let message = try messages.receive(piece, of: chunk) {
                    try account(for: message)
                    events.append(.message(message.kind, message.bytes))
                }
                if frames.isBetweenFrames, messages.isBetweenMessages { boundaries &+= 1 }
            }
        } catch {
            end(with: .failed(error))
        }
    }

    /// The peer's bytes have ended.
    package mutating func receiveEnd() {
        guard !hasEnded else { return }
        end(with: .closed(.abnormal, reason: ""))
    }

    /// Pings, pongs, and fragments below 16 bytes that came since this was asked last: each costs more work
    /// than its bytes say. How many a peer may send is the caller's business, who has a clock.
    package mutating func takeSmallFrames() -> Int {
        defer { smallFrames = 0 }
        return smallFrames
    }

    /// By how many bytes compressed messages grew beyond sixteen times what came, since this was asked last.
    /// How much a peer may have inflated in a while is the caller's business, who has a clock; in one chunk
    /// it is at most a MiB, or one message.
    package mutating func takeGrowth() -> Int {
        defer { growth = 0 }
        return growth
    }

    private mutating func account(for message: MessageAssembler.Message) throws(WebSocketError) {
        guard let growthLimit, let deflated = message.deflatedCount else { return }
        growth += max(0, message.bytes.count - Self.freeRatio * deflated)
        guard growth <= growthLimit else { throw .tooMuchInflated }
    }

    /// What has begun and is not all there: a message over all its fragments, or a lone frame, be it only the
    /// first byte of its header. Nil when nothing is; the same value as long as it is the same one. How long
    /// it may take is the caller's business.
    package var unfinished: UInt32? {
        hasEnded || (frames.isBetweenFrames && messages.isBetweenMessages) ? nil : boundaries
    }

    /// The peer broke a rule that takes a clock to judge: it is failed as for any other.
    package mutating func breaks(_ rule: WebSocketError) {
        guard !hasEnded else { return }
        end(with: .failed(rule))
    }

    // MARK: Application to core

    /// Queues a message; ignored unless the connection is open. What goes to many connections is better a
    /// `PreparedFrame`, sent beside this output.
    package mutating func send(_ kind: MessageKind, _ payload: Span<UInt8>) {
        guard state == .open else { return }
        if let packed = messages.deflate?.compressed(payload) {
            FrameWriter.write(kind.opcode, packed.span, isCompressed: true, to: &output)
        } else {
            FrameWriter.write(kind.opcode, payload, to: &output)
        }
    }

    /// Queues a ping with at most 125 bytes; ignored unless the connection is open.
    package mutating func ping(_ payload: Span<UInt8>) {
        guard state == .open else { return }
        FrameWriter.write(.ping, payload, to: &output)
    }

    /// Begins the closing handshake; ignored unless the connection is open. From here on messages of the peer
    /// are dropped, and `closed` follows when it has answered: how long to wait is the caller's business. The
    /// reason is cut to 123 bytes.
    package mutating func close(_ code: CloseCode, reason: String = "") {
        guard state == .open else { return }
        writeLatePong()
        FrameWriter.writeClose(code, reason: reason, to: &output)
        messages.drop()
        state = .closing
    }

    // MARK: Core to application and network

    /// The next event, its answer written; nil when all are told.
    package mutating func nextEvent() -> Event? {
        guard let event = events.next() else { return nil }
        switch event {
        case .message, .pong: break
        case .ping(let payload): answer(ping: payload)
        case .closed(let code, _): answer(close: code)
        case .failed(let error): fail(error)
        }
        return event
    }

    /// The bytes to send, in order; they are forgotten here. Empty when there are none.
    package mutating func takeOutput() -> [UInt8] {
        writeLatePong()
        pongCount = 0
        guard output.count > 0 else { return [] }
        let taken = output
        output = ByteWriter()
        return taken.finish()
    }

    // MARK: Control frames

    private mutating func receiveControl(
        _ piece: FrameReader.Piece, of chunk: Span<UInt8>
    ) throws(WebSocketError) {
        let start = control.count
        control.append(chunk.extracting(piece.range))
        if let key = piece.header.maskKey {
            Masking.apply(key, to: &control, from: start, position: piece.position)
        }
        guard piece.isLast else { return }
        let payload = control
        control = []
        if piece.header.opcode == .close { return try receiveClose(payload) }
        // After our close frame nothing more may be sent, and nothing is waited for but the peer's.
        guard state == .open else { return }
        events.append(piece.header.opcode == .ping ? .ping(payload) : .pong(payload))
    }

    private mutating func answer(ping payload: [UInt8]) {
        guard state == .open else { return }
        guard pongCount < Self.pongsInOutput else {
            latePing = payload
            return
        }
        pongCount += 1
        FrameWriter.write(.pong, payload.span, to: &output)
    }

    private mutating func writeLatePong() {
        guard let payload = latePing.take() else { return }
        FrameWriter.write(.pong, payload.span, to: &output)
    }

    /// RFC 6455 §5.5.1: nothing, or a code and perhaps a reason in UTF-8.
    private mutating func receiveClose(_ payload: [UInt8]) throws(WebSocketError) {
        var code = CloseCode.noStatus
        var reason = ""
        if !payload.isEmpty {
            guard payload.count >= 2 else { throw .truncatedClose }
            code = CloseCode(rawValue: UInt16(payload[0]) << 8 | UInt16(payload[1]))
            guard code.mayTravel else { throw .invalidCloseCode }
            guard let text = String(validating: payload[2...], as: UTF8.self) else { throw .invalidUTF8 }
            reason = text
        }
        end(with: .closed(code, reason: reason))
    }

    /// RFC 6455 §5.5.1: the answer repeats the code.
    private mutating func answer(close code: CloseCode) {
        if state == .open, code != .abnormal {
            writeLatePong()
            let payload = [UInt8(code.rawValue >> 8), UInt8(code.rawValue & 0xFF)]
            FrameWriter.write(
                .close, payload.span.extracting(first: code.mayTravel ? 2 : 0), to: &output)
        }
        shut()
    }

    private mutating func fail(_ error: WebSocketError) {
        if state == .open {
            writeLatePong()
            FrameWriter.writeClose(error.closeCode, reason: error.sentence, to: &output)
        }
        shut()
    }

    private mutating func shut() {
        state = .closed
        latePing = nil
    }

    /// Reads nothing more.
    private mutating func end(with last: Event) {
        hasEnded = true
        messages.drop()
        control = []
        events.append(last)
    }
}
