import Bytes
import TestKit
import Testing
import WebSocket

@Suite("RFC 6455 §5.2 frames")
struct FrameReaderTests {
    /// All frames of `split`, joined from their pieces.
    func frames(_ split: [ArraySlice<UInt8>], from sender: FrameHeader.Sender) throws -> [(
        FrameHeader, [UInt8]
    )] {
        var reader = FrameReader(from: sender)
        var frames: [(FrameHeader, [UInt8])] = []
        for chunk in split {
            var offset = 0
            while let piece = try reader.next(chunk.span, at: &offset) {
                if piece.isFirst { frames.append((piece.header, [])) }
                #expect(frames[frames.count - 1].1.count == piece.position)
                frames[frames.count - 1].1 += Array(chunk)[piece.range]
                #expect(piece.isLast == (frames[frames.count - 1].1.count == piece.header.payloadCount))
            }
            #expect(offset == chunk.count)
        }
        #expect(reader.isBetweenFrames)
        return frames
    }

    @Test(
        "frames of every length are told apart, however they are split",
        arguments: [0, 1, 7, 125, 126, 127, 300])
    func readsLengths(_ count: Int) throws {
        let payload = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
        for key in [nil, UInt32(0xA1B2_C3D4)] {
            var writer = ByteWriter()
            FrameWriter.write(.binary, payload.span, isFinal: false, maskKey: key, to: &writer)
            let short = Array(payload.prefix(3))
            FrameWriter.write(.ping, short.span, maskKey: key, to: &writer)
            for split in Vectors.splits(of: writer.bytes) {
                let found = try frames(split, from: key == nil ? .server : .client)
                try #require(found.count == 2)
                #expect(found[0].0 == FrameHeader(.binary, isFinal: false, payloadCount: count, maskKey: key))
                #expect(found[1].0.opcode == .ping)
                var first = found[0].1
                if let key { Masking.apply(key, to: &first, from: 0, position: 0) }
                #expect(first == payload)
            }
        }
    }

    @Test("lengths around 65536 take 16 or 64 bits", arguments: [65535, 65536, 70_001])
    func readsLongFrames(_ count: Int) throws {
        let payload = [UInt8](repeating: 0x5A, count: count)
        var writer = ByteWriter()
        FrameWriter.write(.binary, payload.span, to: &writer)
        #expect(writer.count == count + (count < 65536 ? 4 : 10))
        for cut in [1, 2, 3, 9, 10, 11, 5000, writer.count - 1] {
            let found = try frames([writer.bytes[..<cut], writer.bytes[cut...]], from: .server)
            #expect(found.count == 1 && found[0].1 == payload)
        }
    }

    @Test("§5.1: a server's frames have no mask, a client's have one")
    func checksMask() {
        #expect(throws: WebSocketError.maskedFrame) { try frames([[0x81, 0x80, 0, 0, 0, 0]], from: .server) }
        #expect(throws: WebSocketError.unmaskedFrame) { try frames([[0x81, 0x00]], from: .client) }
    }
}
