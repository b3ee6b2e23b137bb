import Bytes
import HTTP1
import Testing
import WebSocket

@testable import LoadTest

@Suite("The client's side of compressed WebSockets")
struct CompressedClientTests {
    private static let key = [UInt8](repeating: 7, count: 16)
    private static let text = Array(String(repeating: "It is going to rain today. ", count: 80).utf8)

    private func client() -> WebSocketClient {
        WebSocketClient(
            host: "h", request: .init(deflate: DeflatePool(DeflatePolicy())), key: Self.key)
    }

    /// The server's answer to the handshake.
    private func handshake(_ extensions: String) -> [UInt8] {
        Array(
            ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: \(Handshake.accept(Base64.encode(Self.key.span)))\r\n"
                + "Sec-WebSocket-Extensions: \(extensions)\r\n\r\n").utf8)
    }

    /// The server's end, by its own reading of the client's offer.
    private func server(keepsContext: Bool) throws -> (deflate: MessageDeflate, answer: String) {
        var client = client()
        let request = String(decoding: client.takeOutput(), as: UTF8.self)
        let line = try #require(
            request.split(separator: "\r\n").first { $0.hasPrefix("Sec-WebSocket-Extensions: ") })
        var fields = HTTPFields()
        fields.append("Sec-WebSocket-Extensions", String(line.dropFirst(26)))
        var policy = DeflatePolicy()
        policy.keepsContext = keepsContext
        let offers = try #require(ExtensionOffer.list(in: fields))
        let parameters = try #require(DeflateParameters(choosingFrom: offers, by: policy))
        return (MessageDeflate(parameters, as: .server, from: DeflatePool(policy)), parameters.text)
    }

    @Test("what is sent and what comes is compressed, at any split", arguments: [false, true])
    func bothWays(_ keepsContext: Bool) throws {
        for size in [1, 2, 3, 7, 50, 10_000] {
            let (deflate, answer) = try server(keepsContext: keepsContext)
            var client = client()
            var bytes = handshake(answer)
            for _ in 0..<3 {
                var frame = ByteWriter()
                let compressed = deflate.compressed(Self.text.span)
                let payload = try #require(compressed)
                FrameWriter.write(.text, payload.span, isCompressed: true, to: &frame)
                bytes += frame.finish()
            }
            for start in stride(from: 0, to: bytes.count, by: size) {
                client.receive(bytes.span.extracting(start..<min(start + size, bytes.count)))
            }
            #expect(client.isCompressing)
            #expect(
                client.takeEvents() == [.opened] + [.text(Self.text), .text(Self.text), .text(Self.text)])
            _ = client.takeOutput()
            client.send(Self.text)
            client.send(Array("short".utf8))
            let output = client.takeOutput()
            #expect(output.count < Self.text.count / 4)
            var connection = WebSocketConnection(messageBytes: 10_000, deflate: deflate)
            connection.receive(output.span)
            #expect(connection.nextEvent() == .message(.text, Self.text))
            #expect(connection.nextEvent() == .message(.text, Array("short".utf8)))
        }
    }

    @Test(
        "an answer that was not offered fails",
        arguments: [
            "x-other", "permessage-deflate, permessage-deflate",
            "permessage-deflate; server_max_window_bits=7",
            "permessage-deflate; x", "permessage-deflate;;",
        ])
    func badAnswers(_ answer: String) {
        var client = client()
        client.receive(handshake(answer).span)
        #expect(client.takeEvents() == [.failed("the 101 does not answer what was asked")])
    }

    @Test("a server that does not compress is spoken to as ever")
    func declined() {
        var client = client()
        client.receive(handshake("").span)
        #expect(client.takeEvents() == [.opened])
        #expect(!client.isCompressing)
        var compressed = ByteWriter()
        FrameWriter.write(.text, [1].span, isCompressed: true, to: &compressed)
        let bytes = compressed.finish()
        client.receive(bytes.span)
        #expect(client.takeEvents() == [.failed(WebSocketError.reservedBitsSet.sentence)])
    }
}
