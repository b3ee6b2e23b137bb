import Bytes
import TestKit
import Testing
import WebSocket

@Suite("RFC 6455 §5.7 written frames")
struct FrameWriterTests {
    func hex(_ write: (inout ByteWriter) -> Void) -> String {
        var writer = ByteWriter()
        write(&writer)
        return Hex.encode(writer.span)
    }

    func hex(
        _ opcode: Opcode, _ payload: some Sequence<UInt8>, isFinal: Bool = true, maskKey: UInt32? = nil
    ) -> String {
        let payload = Array(payload)
        return hex { FrameWriter.write(opcode, payload.span, isFinal: isFinal, maskKey: maskKey, to: &$0) }
    }

    let hello = Array("Hello".utf8)

    @Test("the RFC's examples come out as they stand there")
    func writesExamples() {
        #expect(hex(.text, hello) == "810548656c6c6f")
        #expect(
            hex(.text, hello, maskKey: 0x3d21_fa37)
                == "818537fa213d7f9f4d5158")
        #expect(
            hex(.text, hello.prefix(3), isFinal: false) == "010348656c")
        #expect(hex(.continuation, hello.suffix(2)) == "80026c6f")
        #expect(hex(.ping, hello) == "890548656c6c6f")
        let long = [UInt8](repeating: 0, count: 256)
        #expect(hex(.binary, long).hasPrefix("827e010000"))
        let longer = [UInt8](repeating: 0, count: 65536)
        #expect(hex(.binary, longer).hasPrefix("827f000000000001000000"))
    }

    @Test("§5.5: a close reason is cut between characters to 123 bytes")
    func cutsReason() {
        let fits = String(repeating: "a", count: 121) + "ä"
        let cut = String(repeating: "a", count: 122) + "ä"
        #expect(hex { FrameWriter.writeClose(.normal, reason: fits, to: &$0) }.hasPrefix("887d03e8"))
        #expect(hex { FrameWriter.writeClose(.normal, reason: cut, to: &$0) }.hasPrefix("887c03e8"))
        #expect(hex { FrameWriter.writeClose(.goingAway, to: &$0) } == "880203e9")
    }
}
