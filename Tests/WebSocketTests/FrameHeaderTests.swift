import Testing
import WebSocket

@Suite("RFC 6455 §5.2 frame headers")
struct FrameHeaderTests {
    @Test("a header is read only when it is all there, from any place in the chunk")
    func waitsForAll() throws {
        let bytes: [UInt8] = [0xEE, 0xEE, 0x82, 0xFE, 0x01, 0x00, 1, 2, 3, 4, 0xEE]
        for end in 2..<10 {
            let header = try FrameHeader.read(bytes.span.extracting(0..<end), at: 2, from: .client)
            #expect(header == nil)
        }
        let header = try FrameHeader.read(bytes.span, at: 2, from: .client)
        #expect(header == FrameHeader(.binary, payloadCount: 256, maskKey: 0x0403_0201))
        #expect(header?.count == 8)
    }

    @Test("a bad first half is refused before the second has come")
    func refusesEarly() {
        let bytes: [UInt8] = [0x89, 0xFE]
        #expect(throws: WebSocketError.controlTooBig) {
            _ = try FrameHeader.read(bytes.span, from: .client)
        }
    }

    @Test("no header is longer than is said")
    func isBounded() {
        let longest = FrameHeader(.binary, payloadCount: .max, maskKey: 1)
        #expect(longest.count == FrameHeader.maximumCount)
    }
}
