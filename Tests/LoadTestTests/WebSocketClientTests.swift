import Bytes
import Testing
import WebSocket

@testable import LoadTest

@Suite("The client's side of a WebSocket")
struct WebSocketClientTests {
    private static let key = [UInt8](repeating: 7, count: 16)

    /// The server's answer to the handshake, with one field exchanged.
    private func handshake(_ change: (String) -> String = { $0 }) -> [UInt8] {
        let accept = Handshake.accept(Base64.encode(Self.key.span))
        return Array(
            change(
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Accept: \(accept)\r\nSec-WebSocket-Protocol: parley.v1\r\n\r\n"
            ).utf8)
    }

    private func text(_ text: String, isFinal: Bool = true, opcode: Opcode = .text) -> [UInt8] {
        var writer = ByteWriter()
        FrameWriter.write(opcode, Array(text.utf8).span, isFinal: isFinal, to: &writer)
        return writer.finish()
    }

    /// What a client makes of these bytes, given in pieces of so many.
    private func events(_ bytes: [UInt8], by size: Int) -> [WebSocketClient.Event] {
        var client = WebSocketClient(host: "h", key: Self.key)
        for start in stride(from: 0, to: bytes.count, by: size) {
            client.receive(bytes.span.extracting(start..<min(start + size, bytes.count)))
        }
        return client.takeEvents()
    }

    @Test("the request asks for what RFC 6455 §4.1 wants")
    func request() {
        var client = WebSocketClient(host: "h:1", key: Self.key)
        let request = String(decoding: client.takeOutput(), as: UTF8.self)
        #expect(request.hasPrefix("GET /ws HTTP/1.1\r\nHost: h:1\r\n"))
        #expect(request.contains("Sec-WebSocket-Key: BwcHBwcHBwcHBwcHBwcHBw==\r\n"))
        #expect(request.hasSuffix("\r\n\r\n"))
    }

    @Test("any split of handshake and frames gives the same events", arguments: 1...40)
    func splits(_ size: Int) {
        var ping = ByteWriter()
        FrameWriter.write(.ping, [1, 2].span, to: &ping)
        var close = ByteWriter()
        FrameWriter.writeClose(.goingAway, reason: "bye", to: &close)
        let bytes =
            handshake() + text("one") + text("tw", isFinal: false) + ping.finish()
            + text("o", opcode: .continuation) + close.finish()
        #expect(
            events(bytes, by: size) == [
                .opened, .text(Array("one".utf8)), .text(Array("two".utf8)),
                .closed(code: 1001, reason: Array("bye".utf8)),
            ])
    }

    @Test(
        "a 101 that does not answer what was asked fails",
        arguments: [
            ("Accept: ", "Accept: x"), ("Upgrade: websocket", "Upgrade: h2c"), ("parley.v1", "parley.v2"),
            ("Connection: Upgrade", "Connection: close"),
            ("\r\n\r\n", "\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n"),
        ])
    func badHandshakes(_ from: String, _ to: String) {
        let answer = handshake { text in
            let range = text.range(of: from)
            return text.replacingSubrange(range, with: to)
        }
        #expect(events(answer, by: 1000) == [.failed("the 101 does not answer what was asked")])
    }

    @Test("another status is a refusal, and what is not HTTP a failure")
    func refusals() {
        #expect(events(Array("HTTP/1.1 503 No\r\n\r\n".utf8), by: 9) == [.refused(status: 503)])
        #expect(
            events(Array("SSH-2.0-x\r\n\r\n".utf8), by: 9) == [.failed(ResponseError.notHTTP.sentence)])
        let endless = [UInt8](repeating: 0x41, count: ResponseHead.byteLimit + 1)
        #expect(events(endless, by: 4096) == [.failed(ResponseError.tooLarge.sentence)])
    }

    @Test("masked frames, binary messages and broken fragments fail")
    func brokenFrames() {
        var masked = ByteWriter()
        FrameWriter.write(.text, [65].span, maskKey: 1, to: &masked)
        for frame in [
            masked.finish(), text("x", opcode: .binary), text("x", opcode: .continuation),
            text("x", isFinal: false) + text("y"),
        ] {
            guard case .failed? = events(handshake() + frame, by: 1000).last else {
                Issue.record("passed: \(frame)")
                continue
            }
        }
    }

    @Test("what is sent is masked and reads as it was")
    func masks() throws {
        var client = WebSocketClient(host: "h", key: Self.key)
        client.receive(handshake().span)
        _ = client.takeOutput()
        client.send(Array("hello".utf8))
        let output = client.takeOutput()
        var server = WebSocketConnection(messageBytes: 100)
        server.receive(output.span)
        #expect(server.nextEvent() == .message(.text, Array("hello".utf8)))
        client.close()
        client.send(Array("late".utf8))
        let close = client.takeOutput()
        server.receive(close.span)
        #expect(server.nextEvent() == .closed(.normal, reason: ""))
    }

    @Test("responses are read one by one, at any split", arguments: 1...30)
    func responses(_ size: Int) throws {
        let bytes = Array(
            ("HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}"
                + "HTTP/1.1 503 No\r\nconnection: Close\r\ncontent-length: 0\r\n\r\n").utf8)
        var reader = ResponseReader()
        var found: [ResponseReader.Response] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            reader.receive(bytes.span.extracting(start..<min(start + size, bytes.count)))
            while let response = try reader.next() { found.append(response) }
        }
        #expect(found.map(\.status) == [201, 503])
        #expect(found.map(\.body) == [Array("{}".utf8), []])
        #expect(found.map(\.closes) == [false, true])
    }

    @Test("a response without its length is refused")
    func noLength() {
        var reader = ResponseReader()
        reader.receive(Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".utf8).span)
        #expect(throws: ResponseError.noLength) { try reader.next() }
    }
}

extension String {
    /// Where `part` stands first; it must.
    fileprivate func range(of part: String) -> Range<String.Index> { firstRange(of: part)! }

    fileprivate func replacingSubrange(_ range: Range<String.Index>, with text: String) -> String {
        var copy = self
        copy.replaceSubrange(range, with: text)
        return copy
    }
}
