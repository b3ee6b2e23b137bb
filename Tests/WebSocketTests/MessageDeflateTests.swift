import Bytes
import Testing

@testable import WebSocket

/// Bytes in which nothing repeats, the same in every run.
func noise(_ count: Int) -> [UInt8] {
    var state: UInt64 = 1
    return (0..<count).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt8(truncatingIfNeeded: state >> 33)
    }
}

extension MessageDeflate {
    /// The bytes of an array: `#require` takes no spans.
    func compressed(_ message: [UInt8]) -> [UInt8]? { compressed(message.span) }

    /// What a whole payload inflates to.
    func inflated(_ payload: [UInt8], limit: Int = 1 << 20) throws(WebSocketError) -> [UInt8] {
        var message: [UInt8] = []
        var text: UTF8Validator?
        try inflate(payload.span, into: &message, limit: limit, checking: &text)
        try finishMessage(&message, deflated: payload.count, limit: limit, checking: &text)
        return message
    }
}

/// Both ends of a connection, each with a pool of its own.
struct DeflatePair {
    let server, client: MessageDeflate
    let serverPool, clientPool: DeflatePool

    init(_ offer: String = "permessage-deflate", keepsContext: Bool = false, windowBits: Int = 15) throws {
        var policy = DeflatePolicy()
        policy.keepsContext = keepsContext
        policy.minimumBytes = 16
        policy.windowBits = windowBits
        let offers = try #require(extensions(offer))
        let parameters = try #require(DeflateParameters(choosingFrom: offers, by: policy))
        serverPool = DeflatePool(policy)
        clientPool = DeflatePool(policy)
        server = MessageDeflate(parameters, as: .server, from: serverPool)
        client = MessageDeflate(parameters, as: .client, from: clientPool)
    }
}

@Suite("RFC 7692 §7.2 message payloads")
struct MessageDeflateTests {
    static let offers = [
        "permessage-deflate", "permessage-deflate; client_max_window_bits=8; server_max_window_bits=9",
        "permessage-deflate; client_no_context_takeover; server_max_window_bits=12",
        "permessage-deflate; server_no_context_takeover; client_max_window_bits",
    ]

    @Test("what one end compresses the other inflates, in both directions", arguments: offers, [false, true])
    func goesRound(offer: String, keepsContext: Bool) throws {
        let pair = try DeflatePair(offer, keepsContext: keepsContext, windowBits: 13)
        // Repeats nearby and further off than the smallest window reaches.
        let message = (0..<30).flatMap { _ in noise(100) } + noise(1_000) + noise(300)
        for _ in 0..<5 {
            let down = try #require(pair.server.compressed(message))
            #expect(try pair.client.inflated(down) == message)
            let up = try #require(pair.client.compressed(message))
            #expect(try pair.server.inflated(up) == message)
        }
    }

    @Test("with context the second message is small; without, it is the first one's equal")
    func keepsContext() throws {
        let message = noise(300) + noise(100)
        for (offer, keeps) in [("permessage-deflate", true), ("permessage-deflate", false)] {
            let pair = try DeflatePair(offer, keepsContext: keeps)
            let first = try #require(pair.server.compressed(message))
            let second = try #require(pair.server.compressed(message))
            #expect((second.count < 50) == keeps && (second == first) == !keeps)
            #expect((pair.server.sharedWindowBits == nil) == keeps)
        }
    }

    @Test("what is small or gets no smaller is sent as it is, and what comes next can still be read")
    func leavesAsIs() throws {
        let pair = try DeflatePair(keepsContext: true)
        let message = noise(300) + noise(300)
        let first = try #require(pair.server.compressed(message))
        #expect(pair.server.compressed([UInt8](repeating: 0x61, count: 15)) == nil)
        #expect(pair.server.compressed(noise(2_000).reversed()) == nil)
        #expect(pair.server.compressed([]) == nil)
        let second = try #require(pair.server.compressed(message))
        #expect(try pair.client.inflated(first) == message)
        #expect(try pair.client.inflated(second) == message)
        #expect(pair.serverPool.statistics.sentMessages == 2)
    }

    /// §7.2.3: the examples, each a whole message's payload.
    static let examples: [(payload: [UInt8], text: String)] = [
        ([0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00], "Hello"),
        // §7.2.3.3: a block without compression.
        ([0x00, 0x05, 0x00, 0xFA, 0xFF, 0x48, 0x65, 0x6C, 0x6C, 0x6F, 0x00], "Hello"),
        // §7.2.3.4: a block with BFINAL, with and without the byte behind it.
        ([0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0x00], "Hello"),
        ([0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00], "Hello"),
        // §7.2.3.5: two blocks, a sync flush between them.
        ([0xF2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xCA, 0xC9, 0xC9, 0x07, 0x00], "Hello"),
        // §7.2.3.6: nothing; and nothing at all.
        ([0x00], ""), ([], ""),
        // Two final blocks, the second behind the first.
        ([0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00], "HelloHello"),
    ]

    @Test("§7.2.3: the RFC's payloads are read, in any order on one connection", arguments: [false, true])
    func readsExamples(keepsContext: Bool) throws {
        let pair = try DeflatePair(keepsContext: keepsContext)
        for example in Self.examples + Self.examples.reversed() {
            #expect(try pair.server.inflated(example.payload) == Array(example.text.utf8))
        }
    }

    @Test("§7.2.3.2: with context the second Hello refers to the first; without, that is malformed")
    func readsReference() throws {
        let hello: [UInt8] = [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]
        let again: [UInt8] = [0xF2, 0x00, 0x11, 0x00, 0x00]
        let keeping = try DeflatePair(keepsContext: true)
        #expect(try keeping.server.inflated(hello) == Array("Hello".utf8))
        #expect(try keeping.server.inflated(again) == Array("Hello".utf8))
        let forgetting = try DeflatePair()
        #expect(try forgetting.server.inflated(hello) == Array("Hello".utf8))
        #expect(throws: WebSocketError.malformedCompression) { try forgetting.server.inflated(again) }
    }

    @Test(
        "what ends inside a block, or is no deflate, is refused",
        arguments: [
            [0xF2, 0x48, 0xCD], [0xFF], [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0xFF],
            [0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0x00, 0x00],
            // The tail was not left out.
            [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0x00, 0x00, 0xFF, 0xFF],
        ] as [[UInt8]])
    func refuses(_ payload: [UInt8]) throws {
        let pair = try DeflatePair()
        #expect(throws: WebSocketError.malformedCompression) { try pair.server.inflated(payload) }
    }

    @Test("a window of 8 bits is read through one of 9")
    func readsSmallestWindow() throws {
        let pair = try DeflatePair("permessage-deflate; client_max_window_bits=8", keepsContext: true)
        #expect(pair.server.parameters.clientWindowBits == 8)
        let hello: [UInt8] = [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]
        #expect(try pair.server.inflated(hello) == Array("Hello".utf8))
    }

    @Test("an inflater is lent only while a message is incomplete, and dropping one gives it back")
    func lends() throws {
        let pair = try DeflatePair()
        var message: [UInt8] = []
        var text: UTF8Validator?
        let half: [UInt8] = [0xF2, 0x48, 0xCD]
        #expect(pair.serverPool.idleInflaters == 0)
        try pair.server.inflate(half.span, into: &message, limit: 9, checking: &text)
        #expect(pair.serverPool.idleInflaters == 0)
        pair.server.drop()
        #expect(pair.serverPool.idleInflaters == 1)
        #expect(try pair.server.inflated([0x00]).isEmpty)
        #expect(pair.serverPool.idleInflaters == 1)
    }
}
