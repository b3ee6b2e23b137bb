import Bytes
import WebSocket

/// A client's text frame comes in: parsed, unmasked, checked, handed over.
enum FrameBench {
    /// One masked text frame of 207 bytes of payload in one chunk.
    static let frames = Bench(name: "frames", operations: 2_000) { operations in
        var output = ByteWriter()
        let command = Samples.command
        FrameWriter.write(.text, command.span, maskKey: 0x37FA_213D, to: &output)
        let chunk = output.finish()
        var connection = WebSocketConnection(messageBytes: 65_536)
        var sum = 0
        for _ in 0..<operations {
            connection.receive(chunk.span)
            while case .message(_, let bytes)? = connection.nextEvent() { sum &+= bytes.count }
        }
        return sum
    }
}
