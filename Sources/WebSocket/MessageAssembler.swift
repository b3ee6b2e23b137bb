import Bytes

/// Messages out of the data frames of one connection: unmasks, joins fragments (RFC 6455 §5.4), inflates,
/// keeps the limit, checks text as it comes. Holds memory only while a message is incomplete.
package struct MessageAssembler {
    /// One whole message.
    package struct Message: Sendable {
        /// Text is UTF-8.
        package let kind: MessageKind
        /// As they were before they were compressed.
        package let bytes: [UInt8]
        /// How many bytes came for them, if they came compressed; nil otherwise.
        let deflatedCount: Int?
    }

    /// A message's bytes over all its fragments, inflated.
    private let limit: Int
    /// The compression agreed on.
    let deflate: MessageDeflate?
    private var bytes: [UInt8] = []
    /// What is being assembled; nil between messages.
    private var kind: MessageKind?
    /// Only while what is being assembled is text.
    private var text: UTF8Validator?
    private var isCompressed = false
    /// The bytes of a compressed message's payload so far.
    private var deflatedCount = 0

    /// For messages of at most `limit` bytes; `deflate`: the compression agreed on, of this connection alone.
    package init(limit: Int, deflate: MessageDeflate? = nil) {
        self.limit = limit
        self.deflate = deflate
    }

    /// Whether no message waits for its rest.
    var isBetweenMessages: Bool { kind == nil }

    /// Takes a piece of a data frame, and returns the message that it completes.
    package mutating func receive(
        _ piece: FrameReader.Piece, of chunk: Span<UInt8>
    ) throws(WebSocketError) -> Message? {
        if piece.isFirst { try begin(piece.header) }
        if let deflate, isCompressed {
            try inflate(piece, of: chunk, with: deflate)
        } else {
            try append(piece, of: chunk)
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
            text = kind == .text ? UTF8Validator() : nil
            isCompressed = header.isCompressed
        }
        // The declared length is judged before any of it is kept.
        let most = isCompressed ? Self.deflatedLimit(of: limit) - deflatedCount : limit - bytes.count
        guard header.payloadCount <= most else { throw .messageTooBig }
    }

    /// A message that does not compress becomes larger, with a small window by more than an eighth. None of
    /// the payload is kept: this bounds only the work.
    private static func deflatedLimit(of limit: Int) -> Int { limit + limit / 4 + 64 }

    private mutating func append(_ piece: FrameReader.Piece, of chunk: Span<UInt8>) throws(WebSocketError) {
        let start = bytes.count
        bytes.append(chunk.extracting(piece.range))
        let isASCII =
            piece.header.maskKey.map {
                Masking.apply($0, to: &bytes, from: start, position: piece.position)
            } ?? false
        // ASCII that follows whole characters needs no second look.
        guard var text, !(isASCII && text.isComplete) else { return }
        try text.check(bytes, from: start)
        self.text = text
    }

    private mutating func inflate(
        _ piece: FrameReader.Piece, of chunk: Span<UInt8>, with deflate: MessageDeflate
    ) throws(WebSocketError) {
        var payload = [UInt8](chunk.extracting(piece.range))
        if let key = piece.header.maskKey {
            Masking.apply(key, to: &payload, from: 0, position: piece.position)
        }
        deflatedCount += payload.count
        try deflate.inflate(payload.span, into: &bytes, limit: limit, checking: &text)
    }

    private mutating func finish() throws(WebSocketError) -> Message {
        if let deflate, isCompressed {
            try deflate.finishMessage(&bytes, deflated: deflatedCount, limit: limit, checking: &text)
        }
        guard text?.isComplete ?? true else { throw .invalidUTF8 }
        let message = Message(
            kind: kind!, bytes: bytes, deflatedCount: isCompressed ? deflatedCount : nil)
        forget()
        return message
    }

    /// Forgets a message in progress, after which no other comes.
    package mutating func drop() {
        forget()
        deflate?.drop()
    }

    private mutating func forget() {
        bytes = []
        kind = nil
        text = nil
        isCompressed = false
        deflatedCount = 0
    }
}

extension UTF8Validator {
    /// RFC 6455 §8.1, and fail fast: at the first wrong byte, not at the message's end.
    mutating func check(_ bytes: [UInt8], from start: Int) throws(WebSocketError) {
        guard firstInvalid(in: bytes.span.extracting(start..<bytes.count)) == nil else { throw .invalidUTF8 }
    }
}
