import Bytes
import TestKit
import Testing

@testable import WebSocket

/// Goal: compressed frames give the same events however they are split, and no message is over its limit.
@Suite("RFC 7692 §6 compressed frames")
struct CompressedConnectionTests {
    static let hello: [UInt8] = [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]

    /// A client's frame, masked.
    static func frame(
        _ opcode: Opcode, _ payload: [UInt8], isFinal: Bool = true, isCompressed: Bool = false
    ) -> [UInt8] {
        var writer = ByteWriter()
        FrameWriter.write(
            opcode, payload.span, isFinal: isFinal, isCompressed: isCompressed, maskKey: 0x3d21_fa37,
            to: &writer)
        return writer.finish()
    }

    /// The events of the frames, which any split must give.
    func events(
        of input: [UInt8], limit: Int = 100, keepsContext: Bool = false
    ) throws -> [WebSocketConnection.Event] {
        var whole: [WebSocketConnection.Event]?
        for split in Vectors.splits(of: input) {
            let pair = try DeflatePair(keepsContext: keepsContext)
            var connection = WebSocketConnection(messageBytes: limit, deflate: pair.server)
            var events: [WebSocketConnection.Event] = []
            for piece in split {
                connection.receive(piece)
                while let event = connection.nextEvent() { events.append(event) }
            }
            #expect(events == whole ?? events, "split at \(split.first?.count ?? 0)")
            whole = events
        }
        return try #require(whole)
    }

    static func text(_ text: String) -> WebSocketConnection.Event { .message(.text, Array(text.utf8)) }

    @Test("many messages that grow out of next to nothing fail the peer; the same without a bound do not")
    func boundsGrowth() throws {
        for isBound in [true, false] {
            let pair = try DeflatePair(keepsContext: false)
            var connection = WebSocketConnection(
                messageBytes: 65_536, deflate: pair.server, boundsGrowth: isBound)
            let blanks = [UInt8](repeating: 0x20, count: 65_000)
            let packed = pair.client.compressed(blanks.span)
            let bomb = Self.frame(.text, try #require(packed), isCompressed: true)
            var grown = 0
            for _ in 0..<15 { connection.receive(bomb.span) }
            grown = connection.takeGrowth()
            #expect(isBound == (grown > 15 * 60_000) && connection.isOpen)
            for _ in 0..<40 { connection.receive(bomb.span) }
            var last: WebSocketConnection.Event?
            while let event = connection.nextEvent() { last = event }
            #expect((last == .failed(.tooMuchInflated)) == isBound)
        }
    }

    @Test("§7.2.3.1: whole, in fragments, with a ping between them, and plain ones beside")
    func receives() throws {
        let input =
            Self.frame(.text, Self.hello, isCompressed: true)
            + Self.frame(.text, Array(Self.hello[..<3]), isFinal: false, isCompressed: true)
            + Self.frame(.ping, [1]) + Self.frame(.continuation, [], isFinal: false)
            + Self.frame(.continuation, Array(Self.hello[3...]))
            + Self.frame(.text, Array("plain".utf8))
            + Self.frame(.binary, [0], isCompressed: true)
        #expect(
            try events(of: input) == [
                Self.text("Hello"), .ping([1]), Self.text("Hello"), Self.text("plain"),
                .message(.binary, []),
            ])
    }

    @Test("every example of §7.2.3 comes as its text", arguments: [false, true])
    func receivesExamples(keepsContext: Bool) throws {
        let examples = MessageDeflateTests.examples
        let input = examples.flatMap { Self.frame(.text, $0.payload, isCompressed: true) }
        #expect(try events(of: input, keepsContext: keepsContext) == examples.map { Self.text($0.text) })
    }

    @Test("§6.1: RSV1 stands on the first frame of a data message only, and only where it was agreed on")
    func refusesBit() throws {
        var plain = WebSocketConnection(messageBytes: 10)
        plain.receive(Self.frame(.text, Self.hello, isCompressed: true))
        #expect(plain.nextEvent() == .failed(.reservedBitsSet))
        let begun = Self.frame(.text, [], isFinal: false, isCompressed: true)
        for wrong in [
            begun + Self.frame(.continuation, Self.hello, isCompressed: true),
            Self.frame(.ping, [], isCompressed: true), Self.frame(.close, [], isCompressed: true),
        ] {
            #expect(try events(of: wrong) == [.failed(.reservedBitsSet)])
        }
    }

    @Test("a text is refused at its first wrong byte, before its end, as it is inflated")
    func refusesText() throws {
        // A stored block: its bytes stand there as they are.
        let block: [UInt8] = [0x00, 0x03, 0x00, 0xFC, 0xFF, 0x61, 0xC0, 0x61]
        let input = Self.frame(.text, block, isFinal: false, isCompressed: true)
        #expect(try events(of: input) == [.failed(.invalidUTF8)])
        #expect(try events(of: Self.frame(.binary, block + [0], isCompressed: true)).count == 1)
        // Half a character at the message's end.
        let half: [UInt8] = [0x00, 0x01, 0x00, 0xFE, 0xFF, 0xC3, 0x00]
        #expect(try events(of: Self.frame(.text, half, isCompressed: true)) == [.failed(.invalidUTF8)])
    }

    @Test("of two broken rules the first byte's decides: wrong text, then too much, then no deflate")
    func ordersErrors() throws {
        let block: [UInt8] = [0x00, 0x03, 0x00, 0xFC, 0xFF, 0x61, 0xC0, 0x61, 0xFF]
        let input = Self.frame(.text, block, isCompressed: true)
        #expect(try events(of: input, limit: 1) == [.failed(.messageTooBig)])
        #expect(try events(of: input, limit: 2) == [.failed(.invalidUTF8)])
        let binary = Self.frame(.binary, block, isCompressed: true)
        #expect(try events(of: binary, limit: 2) == [.failed(.messageTooBig)])
        #expect(try events(of: binary, limit: 3) == [.failed(.malformedCompression)])
    }

    @Test("the limit is that of the inflated message, over all fragments, and refused with 1009")
    func keepsLimit() throws {
        let whole = Self.frame(.text, Self.hello, isCompressed: true)
        #expect(try events(of: whole, limit: 5) == [Self.text("Hello")])
        #expect(try events(of: whole, limit: 4) == [.failed(.messageTooBig)])
        #expect(WebSocketError.messageTooBig.closeCode == .messageTooBig)
        #expect(WebSocketError.malformedCompression.closeCode == .invalidPayload)
    }

    @Test("a payload may be a little over the limit if its message is not; a large one is refused by length")
    func keepsCompressedLimit() throws {
        let stored: [UInt8] = [0x00, 0x64, 0x00, 0x9B, 0xFF] + noise(100) + [0]
        let input = Self.frame(.binary, stored, isCompressed: true)
        #expect(try events(of: input, limit: 100) == [.message(.binary, noise(100))])
        let pair = try DeflatePair()
        var connection = WebSocketConnection(messageBytes: 100, deflate: pair.server)
        connection.receive(Self.frame(.binary, [UInt8](repeating: 0, count: 190), isCompressed: true)[..<8])
        #expect(connection.nextEvent() == .failed(.messageTooBig))
        // Empty blocks become nothing, but are not taken without end.
        let block: [UInt8] = [0x00, 0x00, 0x00, 0xFF, 0xFF]
        let drop = Self.frame(.binary, block, isFinal: false, isCompressed: true)
        let more = Self.frame(.continuation, block, isFinal: false)
        let flood = drop + [[UInt8]](repeating: more, count: 40).flatMap { $0 }
        #expect(try events(of: flood, limit: 100) == [.failed(.messageTooBig)])
    }

    @Test("a message is sent compressed where that is smaller, and as it is elsewhere")
    func sends() throws {
        let pair = try DeflatePair()
        var connection = WebSocketConnection(messageBytes: 10, deflate: pair.server)
        let long = [UInt8](repeating: 0x61, count: 100)
        connection.send(.text, long)
        let sent = connection.takeOutput()
        #expect(sent[0] == 0xC1 && Int(sent[1]) == sent.count - 2)
        #expect(try pair.client.inflated(Array(sent[2...])) == long)
        connection.send(.text, Array("hi".utf8))
        connection.send(.binary, noise(20))
        #expect(connection.takeOutput() == [0x81, 2, 0x68, 0x69, 0x82, 20] + noise(20))
    }

    @Test("when the connection ends in the middle of a message its inflater goes back")
    func givesBack() throws {
        let pair = try DeflatePair()
        var connection = WebSocketConnection(messageBytes: 10, deflate: pair.server)
        connection.receive(Self.frame(.text, Self.hello, isFinal: false, isCompressed: true))
        #expect(pair.serverPool.idleInflaters == 0)
        connection.receiveEnd()
        #expect(pair.serverPool.idleInflaters == 1)
        #expect(connection.nextEvent() == .closed(.abnormal, reason: ""))
    }
}
