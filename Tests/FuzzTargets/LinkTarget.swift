import Bytes
import WebSocket

extension FuzzTarget {
    /// A connection between a hostile peer and an application that sends, pings and closes in between: what
    /// was sent while it was open arrives in order and nothing else does, one close frame at most, and the
    /// last ping is answered.
    package static let link = FuzzTarget(name: "link") { input in
        var draw = Draw(input)
        var link = Link()
        while !draw.isEmpty { link.step(&draw) }
        link.finish()
    }
}

/// The connection, and what must become of what is done with it.
private struct Link {
    private var connection = WebSocketConnection(messageBytes: 300)
    private var output: [UInt8] = []
    private var events: [WebSocketConnection.Event] = []
    /// What the application sent while that was possible.
    private var messages: [(opcode: UInt8, payload: [UInt8])] = []
    private var pings: [[UInt8]] = []
    /// The pings whose events were taken while the connection was open: each of them is answered.
    private var askedPings: [[UInt8]] = []
    private var bytesHaveEnded = false
    /// How many events may still be messages: none more after the application's close.
    private var eventsAtClose: Int?

    private static let opcodes: [Opcode] = [.continuation, .text, .binary, .close, .ping, .pong]
    private static let codes: [UInt16] = [1000, 1001, 1003, 1008, 1009, 1011, 1012, 1013, 3000, 4999]

    /// Does what the next bytes say.
    mutating func step(_ draw: inout Draw) {
        let choice = draw.byte()
        switch choice % 10 {
        case 0, 1: receive(draw.bytes())
        case 2, 3, 4: receiveFrame(&draw)
        case 5:
            let text = draw.text()
            if connection.isOpen { messages.append((1, Array(text.utf8))) }
            connection.send(.text, Array(text.utf8).span)
        case 6:
            // Lengths of one, three and nine bytes.
            let count = choice > 250 ? 0x1_0000 : Int(draw.byte()) * (choice > 128 ? 20 : 1)
            let bytes = Array(repeating: choice, count: count)
            if connection.isOpen { messages.append((2, bytes)) }
            connection.send(.binary, bytes.span)
        case 7:
            let bytes = Array(draw.bytes().prefix(125))
            if connection.isOpen { pings.append(bytes) }
            connection.ping(bytes.span)
        case 8: output += connection.takeOutput()
        default:
            if choice > 240 { return receiveEnd() }
            if choice < 200 { return readEvents() }
            let code = Self.codes[Int(draw.byte()) % Self.codes.count]
            let wasOpen = connection.isOpen
            connection.close(CloseCode(rawValue: code), reason: draw.text())
            precondition(!connection.isOpen, "closed, and open")
            if wasOpen {
                readEvents()
                eventsAtClose = events.count
            }
        }
    }

    /// A frame that is mostly right, so that the fuzzer need not find the mask.
    private mutating func receiveFrame(_ draw: inout Draw) {
        let choice = Int(draw.byte())
        let opcode = Self.opcodes[choice % Self.opcodes.count]
        var payload = draw.bytes()
        if opcode.isControl { payload = Array(payload.prefix(125)) }
        let header = FrameHeader(
            opcode, isFinal: opcode.isControl || choice < 160, payloadCount: payload.count,
            maskKey: UInt32(choice) &* 0x9E37_79B9)
        var frame = [(header.isFinal ? 0x80 : 0) | opcode.rawValue]
        if payload.count < 126 {
            frame.append(0x80 | UInt8(payload.count))
        } else {
            frame += [0xFE, 0, UInt8(payload.count)]
        }
        let mask = (0..<4).map { UInt8(truncatingIfNeeded: header.maskKey! >> UInt32(8 * $0)) }
        frame += mask
        frame += payload.enumerated().map { $1 ^ mask[$0 & 3] }
        receive(frame)
    }

    private mutating func receive(_ bytes: [UInt8]) {
        let wasClosed = connection.isClosed
        if wasClosed { readEvents() }
        connection.receive(bytes.span)
        guard wasClosed else { return }
        precondition(connection.nextEvent() == nil, "an event after the last")
    }

    private mutating func receiveEnd() {
        connection.receiveEnd()
        bytesHaveEnded = true
    }

    private mutating func readEvents() {
        var wasOpen = connection.isOpen
        while let event = connection.nextEvent() {
            if wasOpen, case .ping(let bytes) = event { askedPings.append(bytes) }
            events.append(event)
            wasOpen = connection.isOpen
        }
    }

    /// Compares what came out with what must.
    mutating func finish() {
        readEvents()
        precondition(!bytesHaveEnded || connection.isClosed, "open without a peer")
        output += connection.takeOutput()
        precondition(connection.takeOutput().isEmpty, "output is handed over once")
        let sent = ServerFrames(output)
        precondition(sent.messages.elementsEqual(messages, by: ==), "other messages than were sent")
        precondition(sent.pings == pings, "other pings than were sent")
        checkEvents()
        checkPongs(sent.pongs)
        let isFailed = if case .failed = events.last { true } else { false }
        let isClosedByUs = eventsAtClose != nil
        precondition(!isClosedByUs || sent.close != nil, "a close that is not told")
        precondition(!isFailed || sent.close?.isEmpty == false, "a failure that is not explained")
        precondition(connection.isClosed || isClosedByUs == (sent.close != nil), "a close frame")
    }

    private func checkEvents() {
        for (index, event) in events.enumerated() {
            switch event {
            case .closed, .failed: precondition(index == events.count - 1, "an event follows the last")
            case .message(let kind, let bytes):
                precondition(bytes.count <= 300, "a message is over the limit")
                precondition(kind == .binary || UTF8Oracle.isText(bytes), "a text is UTF-8")
                precondition(index < eventsAtClose ?? .max, "a message after the close")
            case .ping(let bytes), .pong(let bytes):
                precondition(bytes.count <= 125, "a control frame is too big")
                precondition(index < eventsAtClose ?? .max, "a ping after the close")
            }
        }
        let isOver =
            switch events.last {
            case .closed, .failed: true
            default: false
            }
        precondition(isOver == connection.isClosed, "closed without an event, or an event without the close")
    }

    /// Pongs answer pings in their order; some may be left out, the last never is unless the peer is gone.
    private func checkPongs(_ pongs: [[UInt8]]) {
        var rest = askedPings[...]
        for pong in pongs {
            guard let index = rest.firstIndex(of: pong) else { preconditionFailure("a pong without a ping") }
            rest = rest[(index + 1)...]
        }
        let isCutOff = events.last == .closed(.abnormal, reason: "")
        precondition(isCutOff || pongs.last == askedPings.last, "the last ping is not answered")
    }
}
