import Bytes

/// Messages out of the data frames of one connection: unmasks, joins fragments (RFC 6455 §5.4), keeps the
/// limit, checks text as it comes. Holds memory only while a message is incomplete.
struct MessageAssembler: Sendable {
    /// One whole message.
    struct Message: Sendable {
        let kind: MessageKind
        let bytes: [UInt8]
    }

    /// A message's bytes over all its fragments.
    private let limit: Int
    private var bytes: [UInt8] = []
    /// What is being assembled; nil between messages.
    private var kind: MessageKind?
    private var text = UTF8Validator()

    init(limit: Int) { self.limit = limit }

    /// Whether no message waits for its rest.
    var isBetweenMessages: Bool { kind == nil }

    /// Takes a piece of a data frame, and returns the message that it completes.
    mutating func receive(
        _ piece: FrameReader.Piece, of chunk: Span<UInt8>
    ) throws(WebSocketError) -> Message? {
        if piece.isFirst { try begin(piece.header) }
        let start = bytes.count
        bytes.append(chunk.extracting(piece.range))
        let isASCII =
            piece.header.maskKey.map {
                Masking.apply($0, to: &bytes, from: start, position: piece.position)
            } ?? false
        // ASCII that follows whole characters needs no second look.
        if kind == .text, !(isASCII && text.isComplete) {
            // RFC 6455 §8.1, and fail fast: at the first wrong byte, not at the message's end.
            var text = self.text
            let wrong = text.firstInvalid(in: bytes.span.extracting(start..<bytes.count))
            guard wrong == nil else { throw .invalidUTF8 }
            self.text = text
        }
        guard piece.isLast, piece.header.isFinal else { return nil }
        return try finish()
    }

    private mutating func begin(_ header: FrameHeader) throws(WebSocketError) {
        if header.opcode == .continuation {
            guard kind != nil else { throw .unexpectedContinuation }
        } else {
            guard kind == nil else { throw .interruptedMessage }
            kind = header.opcode == .text ? .text : .binary
        }
        // The declared length is judged before any of it is kept.
        guard header.payloadCount <= limit - bytes.count else { throw .messageTooBig }
    }

    private mutating func finish() throws(WebSocketError) -> Message {
        guard text.isComplete else { throw .invalidUTF8 }
        let message = Message(kind: kind!, bytes: bytes)
        bytes = []
        kind = nil
        return message
    }

    /// Forgets a message in progress.
    mutating func drop() {
        bytes = []
        kind = nil
    }
}
