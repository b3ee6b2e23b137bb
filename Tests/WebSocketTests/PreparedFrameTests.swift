import Bytes
import Testing
import WebSocket

@Suite("RFC 6455 §5.1 prepared frames")
struct PreparedFrameTests {
    @Test("a prepared frame is the frame a server would write", arguments: [0, 5, 125, 126, 65535, 65536])
    func equalsWritten(_ count: Int) {
        let payload = [UInt8](repeating: 0x61, count: count)
        for opcode in [Opcode.text, .binary] {
            var writer = ByteWriter()
            FrameWriter.write(opcode, payload.span, to: &writer)
            let frame =
                opcode == .text ? PreparedFrame(text: payload.span) : PreparedFrame(binary: payload.span)
            let written = [UInt8](frame.bytes.span)
            #expect(written == writer.bytes)
        }
    }
}
