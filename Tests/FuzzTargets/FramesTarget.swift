import WebSocket

extension FuzzTarget {
    /// A WebSocket connection: the events that a slow and simple reader of RFC 6455 sees, whatever the split;
    /// the same answers, and each of them a server's frame; nothing follows the end.
    package static let frames = FuzzTarget(name: "frames") { input in
        let split = SplitInput(input)
        let limit = 512
        let expected = NaiveFrames.events(of: split.bytes, limit: limit)
        let (whole, wholeOutput) = play([split.bytes[...]], limit: limit)
        precondition(whole.map(Outcome.init) == expected, "the events are not the simple reader's")
        let answers = ServerFrames(wholeOutput)
        // With many pings in one piece only some are answered, so the answers are compared when there were
        // few.
        let pings = whole.count { if case .ping = $0 { true } else { false } }
        precondition(pings > 16 || answers.pongs.count == pings, "a ping is not answered")
        for pieces in split.ways {
            let (events, output) = play(pieces, limit: limit)
            precondition(whole == events, "the split changes the events")
            precondition(pings > 16 || wholeOutput == output, "the split changes the answers")
        }
    }

    private static func play(
        _ pieces: [ArraySlice<UInt8>], limit: Int
    ) -> ([WebSocketConnection.Event], [UInt8]) {
        var connection = WebSocketConnection(messageBytes: limit)
        var events: [WebSocketConnection.Event] = []
        var output: [UInt8] = []
        for piece in pieces {
            connection.receive(piece.span)
            while let event = connection.nextEvent() { events.append(event) }
            output += connection.takeOutput()
        }
        return (events, output)
    }
}

/// An event, byte for byte, and a failure by what the peer sees of it.
enum Outcome: Equatable {
    case message(MessageKind, [UInt8])
    case ping([UInt8])
    case pong([UInt8])
    case closed(UInt16, reason: [UInt8])
    case failed(UInt16)

    /// What happened.
    init(_ event: WebSocketConnection.Event) {
        switch event {
        case .message(let kind, let bytes): self = .message(kind, bytes)
        case .ping(let bytes): self = .ping(bytes)
        case .pong(let bytes): self = .pong(bytes)
        case .closed(let code, let reason): self = .closed(code.rawValue, reason: Array(reason.utf8))
        case .failed(let error): self = .failed(error.closeCode.rawValue)
        }
    }
}

/// RFC 6455 §5 read straight off the page, over all the bytes at once: slow, and without a state between
/// calls.
struct NaiveFrames {
    private let bytes: [UInt8]
    private let limit: Int
    private var at = 0
    private var kind: MessageKind?
    private var message: [UInt8] = []
    private var events: [Outcome] = []

    /// What a server makes of a client's bytes.
    static func events(of bytes: [UInt8], limit: Int) -> [Outcome] {
        var reader = NaiveFrames(bytes: bytes, limit: limit)
        while reader.readFrame() {}
        return reader.events
    }

    private init(bytes: [UInt8], limit: Int) {
        self.bytes = bytes
        self.limit = limit
    }

    /// False at the end: the bytes', or the connection's.
    private mutating func readFrame() -> Bool {
        guard bytes.count - at >= 2 else { return false }
        let (isFinal, opcode) = (bytes[at] >= 0x80, bytes[at] & 0x0F)
        let isControl = opcode >= 8
        var length = Int(bytes[at + 1] & 0x7F)
        guard bytes[at] & 0x70 == 0, [0, 1, 2, 8, 9, 10].contains(opcode), bytes[at + 1] >= 0x80,
            !isControl || (isFinal && length < 126)
        else { return fail(1002) }
        let lengthBytes = length == 126 ? 2 : length == 127 ? 8 : 0
        guard bytes.count - at >= 2 + lengthBytes else { return false }
        if lengthBytes > 0 {
            let long = bytes[(at + 2)..<(at + 2 + lengthBytes)].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            guard long <= UInt64(Int.max), long > (lengthBytes == 2 ? 125 : 65535) else { return fail(1002) }
            length = Int(long)
        }
        let start = at + 2 + lengthBytes + 4
        guard bytes.count >= start else { return false }
        if !isControl {
            guard (opcode == 0) == (kind != nil) else { return fail(1002) }
            guard length <= limit - message.count else { return fail(1009) }
        }
        let payload = bytes[start...].prefix(length).enumerated().map { $1 ^ bytes[start - 4 + $0 % 4] }
        at = start + payload.count
        let isWhole = payload.count == length
        if isControl { return isWhole && takeControl(opcode, payload) }
        if opcode > 0 { kind = opcode == 1 ? .text : .binary }
        message += payload
        if kind == .text {
            let isFine =
                isWhole && isFinal ? UTF8Oracle.isText(message) : UTF8Oracle.beginsText(message)
            guard isFine else { return fail(1007) }
        }
        guard isWhole else { return false }
        guard isFinal, let whole = kind else { return true }
        events.append(.message(whole, message))
        (kind, message) = (nil, [])
        return true
    }

    private mutating func takeControl(_ opcode: UInt8, _ payload: [UInt8]) -> Bool {
        guard opcode == 8 else {
            events.append(opcode == 9 ? .ping(payload) : .pong(payload))
            return true
        }
        guard !payload.isEmpty else {
            events.append(.closed(1005, reason: []))
            return false
        }
        guard payload.count > 1 else { return fail(1002) }
        let code = UInt16(payload[0]) << 8 | UInt16(payload[1])
        let reason = Array(payload[2...])
        // RFC 6455 §7.4 and the IANA registry: 1004, 1005, 1006 and 1015 never travel.
        let isKnown = (1000...1003).contains(code) || (1007...1014).contains(code)
        guard isKnown || (3000...4999).contains(code) else { return fail(1002) }
        guard UTF8Oracle.isText(reason) else { return fail(1007) }
        events.append(.closed(code, reason: reason))
        return false
    }

    private mutating func fail(_ code: UInt16) -> Bool {
        events.append(.failed(code))
        return false
    }
}
