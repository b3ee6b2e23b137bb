import Bytes
import TestKit
import Testing
import WebSocket

extension FrameVector.Event {
    init(_ event: WebSocketConnection.Event) {
        switch event {
        case .message(.text, let bytes): (message, text) = ("text", String(decoding: bytes, as: UTF8.self))
        case .message(.binary, let bytes): (message, hex) = ("binary", Hex.encode(bytes.span))
        case .ping(let bytes): ping = Hex.encode(bytes.span)
        case .pong(let bytes): pong = Hex.encode(bytes.span)
        case .closed(let code, let reason): (closed, self.reason) = (code.rawValue, reason)
        case .failed(let error): (failed, code) = (error.rawValue, error.closeCode.rawValue)
        }
    }
}

extension WebSocketConnection {
    /// The bytes of an array or a slice.
    mutating func receive(_ bytes: some Sequence<UInt8>) {
        let bytes = Array(bytes)
        receive(bytes.span)
    }

    mutating func send(_ kind: MessageKind, _ payload: [UInt8]) { send(kind, payload.span) }

    mutating func ping(_ payload: [UInt8]) { ping(payload.span) }
}

/// A client's frame, masked.
func masked(_ opcode: Opcode, _ payload: [UInt8], isFinal: Bool = true) -> [UInt8] {
    var writer = ByteWriter()
    FrameWriter.write(opcode, payload.span, isFinal: isFinal, maskKey: 0x3d21_fa37, to: &writer)
    return writer.finish()
}

/// Goal: any split of the bytes gives the same events and the same answers. Method: the vectors of
/// `protocol/vectors/websocket-frames.json`, played in all splits; then what only a caller can do.
@Suite("RFC 6455 connections")
struct WebSocketConnectionTests {
    @Test("every vector gives its events and answers, however it is split", arguments: FrameVector.all)
    func playsVector(_ vector: FrameVector) throws {
        let input = try #require(Hex.decode(vector.input))
        for split in Vectors.splits(of: input) {
            var connection = WebSocketConnection(messageBytes: vector.limit)
            var events: [FrameVector.Event] = []
            var output: [UInt8] = []
            for piece in split {
                connection.receive(piece)
                while let event = connection.nextEvent() { events.append(FrameVector.Event(event)) }
                output += connection.takeOutput()
            }
            #expect(events == vector.events, "split at \(split.first?.count ?? 0)")
            if let expected = vector.output { #expect(output == Hex.decode(expected)) }
            let ends = vector.events.contains { $0.closed != nil || $0.failed != nil }
            #expect(connection.isClosed == ends)
        }
    }

    @Test("a failure sends a close frame with its code and sentence", arguments: WebSocketError.allCases)
    func sendsCloseUponFailure(_ error: WebSocketError) {
        #expect(error.sentence.utf8.count <= 123)
        #expect(error.closeCode.mayTravel)
        guard error == .unknownOpcode else { return }
        var connection = WebSocketConnection(messageBytes: 10)
        connection.receive([0x83, 0x80, 0, 0, 0, 0])
        #expect(connection.nextEvent() == .failed(error))
        var expected = ByteWriter()
        FrameWriter.writeClose(.protocolError, reason: error.sentence, to: &expected)
        #expect(connection.takeOutput() == expected.bytes)
    }

    @Test("§7.1.7: after a failure nothing is read and nothing is sent")
    func isDeafAfterFailure() {
        var connection = WebSocketConnection(messageBytes: 10)
        connection.receive([0x83, 0x80])
        #expect(connection.nextEvent() == .failed(.unknownOpcode))
        _ = connection.takeOutput()
        connection.receive(masked(.text, [0x61]))
        connection.receiveEnd()
        connection.send(.text, [0x61])
        connection.ping([])
        connection.close(.normal)
        #expect(connection.nextEvent() == nil)
        #expect(connection.takeOutput().isEmpty)
    }

    @Test("§7.1.2: our close is answered, and messages that cross it are dropped")
    func closes() {
        var connection = WebSocketConnection(messageBytes: 10)
        connection.receive(masked(.text, [0x61], isFinal: false))
        connection.close(.goingAway, reason: "drain")
        connection.close(.normal)
        #expect(!connection.isOpen && !connection.isClosed)
        #expect(connection.takeOutput() == [0x88, 7, 0x03, 0xE9] + Array("drain".utf8))
        connection.receive(masked(.continuation, [0x62]))
        connection.receive(masked(.ping, [1]))
        #expect(connection.nextEvent() == nil)
        connection.receive(masked(.close, [0x03, 0xE9]))
        #expect(connection.nextEvent() == .closed(.goingAway, reason: ""))
        #expect(connection.isClosed)
        #expect(connection.takeOutput().isEmpty)
    }

    @Test("while closing, broken frames still fail, without a second close frame")
    func failsWhileClosing() {
        var connection = WebSocketConnection(messageBytes: 10)
        connection.close(.normal)
        _ = connection.takeOutput()
        connection.receive([0xFF, 0xFF])
        #expect(connection.nextEvent() == .failed(.reservedBitsSet))
        #expect(connection.takeOutput().isEmpty)
    }

    @Test("§7.1.5: bytes that end without a close frame are an abnormal close, told once")
    func tellsAbnormalEnd() {
        var connection = WebSocketConnection(messageBytes: 10)
        connection.receiveEnd()
        connection.receiveEnd()
        #expect(connection.nextEvent() == .closed(.abnormal, reason: ""))
        #expect(connection.nextEvent() == nil)
    }

    @Test("§5.5.3: of a flood of pings in one turn sixteen and the last are answered")
    func boundsPongs() {
        var connection = WebSocketConnection(messageBytes: 10)
        for number in UInt8(0)..<200 { connection.receive(masked(.ping, [number])) }
        var expected: [UInt8] = []
        for number in Array(UInt8(0)..<16) + [199] { expected += [0x8A, 1, number] }
        while connection.nextEvent() != nil {}
        #expect(connection.takeOutput() == expected)
        connection.receive(masked(.ping, [7]))
        #expect(connection.nextEvent() == .ping([7]))
        #expect(connection.takeOutput() == [0x8A, 1, 7])
    }

    @Test("the pong of a flood's last ping goes before the close frame")
    func answersBeforeClose() {
        var connection = WebSocketConnection(messageBytes: 10)
        for number in UInt8(0)..<20 { connection.receive(masked(.ping, [number])) }
        connection.receive(masked(.close, []))
        while connection.nextEvent() != nil {}
        #expect(connection.takeOutput().suffix(5) == [0x8A, 1, 19, 0x88, 0])
    }

    @Test("what is answered to a frame follows what was sent upon the messages before it")
    func answersInOrder() {
        let troubles: [(frame: [UInt8], answer: [UInt8])] = [
            (masked(.ping, [1]), [0x8A, 1, 1]), (masked(.close, [0x03, 0xE8]), [0x88, 2, 0x03, 0xE8]),
            ([0x83, 0x80], [0x88]),
        ]
        for (frame, answer) in troubles {
            var connection = WebSocketConnection(messageBytes: 10)
            connection.receive(masked(.text, [0x61]) + frame)
            #expect(connection.nextEvent() == .message(.text, [0x61]))
            connection.send(.text, [0x61])
            #expect(connection.nextEvent() != nil)
            #expect(connection.takeOutput().starts(with: [0x81, 1, 0x61] + answer))
        }
    }

    @Test("a close of ours that crosses the peer's unread one is the only one sent")
    func closesOnce() {
        var connection = WebSocketConnection(messageBytes: 10)
        connection.receive(masked(.close, [0x03, 0xE8]))
        connection.close(.goingAway)
        #expect(connection.nextEvent() == .closed(.normal, reason: ""))
        #expect(connection.isClosed)
        #expect(connection.takeOutput() == [0x88, 2, 0x03, 0xE9])
    }

    @Test("events wait in order for their reader")
    func keepsEventsInOrder() {
        var connection = WebSocketConnection(messageBytes: 10)
        connection.receive((UInt8(0)..<9).flatMap { masked(.binary, [$0]) })
        for number in UInt8(0)..<4 { #expect(connection.nextEvent() == .message(.binary, [number])) }
        connection.receive(masked(.binary, [9]))
        for number in UInt8(4)..<10 { #expect(connection.nextEvent() == .message(.binary, [number])) }
        #expect(connection.nextEvent() == nil)
    }

    @Test("messages and pings are sent unmasked, in order")
    func sends() {
        var connection = WebSocketConnection(messageBytes: 10)
        connection.send(.text, Array("hi".utf8))
        connection.ping([1])
        connection.send(.binary, [])
        #expect(connection.takeOutput() == [0x81, 2, 0x68, 0x69, 0x89, 1, 1, 0x82, 0])
        #expect(connection.takeOutput().isEmpty)
    }

    @Test("a connection is small: 20,000 of them wait at once")
    func isSmall() {
        #expect(MemoryLayout<WebSocketConnection>.size < 200)
    }

    @Test("small frames are counted, however the bytes are split: pings, pongs, fragments below 16 bytes")
    func countsSmallFrames() {
        let small: [[UInt8]] = [
            masked(.ping, []), masked(.pong, Array(repeating: 1, count: 125)),
            masked(.binary, [], isFinal: false), masked(.continuation, Array(repeating: 1, count: 15)),
        ]
        let others: [[UInt8]] = [
            masked(.text, []), masked(.text, [0x61]),
            masked(.binary, Array(repeating: 1, count: 16), isFinal: false),
            masked(.continuation, Array(repeating: 1, count: 16)), masked(.close, []),
        ]
        let bytes = (small + others).flatMap(\.self)
        for split in Vectors.splits(of: bytes) {
            var connection = WebSocketConnection(messageBytes: 1_000)
            var counted = 0
            for piece in split {
                connection.receive(piece)
                counted += connection.takeSmallFrames()
            }
            #expect(counted == small.count)
            #expect(connection.takeSmallFrames() == 0)
        }
    }

    @Test("what is unfinished keeps its name while it grows and pings come between, and loses it at its end")
    func namesTheUnfinished() {
        var connection = WebSocketConnection(messageBytes: 1_000)
        let message =
            masked(.text, [0x61], isFinal: false) + masked(.ping, [1]) + masked(.continuation, [0x62])
        #expect(connection.unfinished == nil)
        var names: Set<UInt32> = []
        for _ in 0..<2 {
            let name = names
            for (index, byte) in message.enumerated() {
                connection.receive([byte])
                guard index < message.count - 1 else { break }
                if let unfinished = connection.unfinished { names.insert(unfinished) }
                #expect(connection.unfinished != nil && names.count == name.count + 1)
            }
            #expect(connection.unfinished == nil)
        }
        // One ends and the next begins in the same bytes: that is another one.
        connection.receive([message[0]])
        let before = connection.unfinished
        connection.receive(message[1...] + [message[0]])
        #expect(connection.unfinished != nil && connection.unfinished != before)
        connection.receiveEnd()
        while connection.nextEvent() != nil {}
        #expect(connection.unfinished == nil)
    }

    @Test("a rule that takes a clock is failed like any other: its close frame, and then silence")
    func failsByTheCallersClock() {
        var connection = WebSocketConnection(messageBytes: 10)
        connection.receive(masked(.text, [0x61]) + masked(.text, [0x62], isFinal: false))
        connection.breaks(.messageTooSlow)
        connection.breaks(.tooManyControls)
        connection.receive(masked(.continuation, [0x63]))
        #expect(connection.nextEvent() == .message(.text, [0x61]))
        #expect(connection.nextEvent() == .failed(.messageTooSlow))
        #expect(connection.nextEvent() == nil && connection.isClosed)
        var expected = ByteWriter()
        FrameWriter.writeClose(
            .policyViolation, reason: WebSocketError.messageTooSlow.sentence, to: &expected)
        #expect(connection.takeOutput() == expected.bytes)
    }
}
