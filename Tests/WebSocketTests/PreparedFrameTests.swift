import Bytes
import Testing
import WebSocket

@Suite("RFC 6455 §5.1 prepared frames")
struct PreparedFrameTests {
    @Test("a prepared frame is the frame a server would write", arguments: [0, 5, 125, 126, 65535, 65536])
    func equalsWritten(_ count: Int) {
        let payload = [UInt8](repeating: 0x61, count: count)
        var writer = ByteWriter()
        FrameWriter.write(.text, payload.span, to: &writer)
        let written = [UInt8](PreparedFrame(text: payload.span).bytes.span)
        #expect(written == writer.bytes)
    }
}
