import Testing

@testable import WebSocket

@Suite("RFC 6455 §5.4 fragmentation")
struct MessageAssemblerTests {
    /// The first piece of a frame that carries `bytes` of `declared`, unmasked.
    func piece(_ opcode: Opcode, declared: Int, of bytes: [UInt8], isFinal: Bool = true) -> FrameReader.Piece
    {
        FrameReader.Piece(
            header: FrameHeader(opcode, isFinal: isFinal, payloadCount: declared, maskKey: 0),
            range: 0..<bytes.count, position: 0, isFirst: true)
    }

    @Test("§10.4: a frame over the limit is refused by its declared length, before a byte of it is kept")
    func refusesDeclaredLength() {
        var assembler = MessageAssembler(limit: 4)
        #expect(throws: WebSocketError.messageTooBig) {
            _ = try assembler.receive(piece(.text, declared: 5, of: []), of: [UInt8]().span)
        }
    }

    @Test("a dropped message leaves room for the next")
    func drops() throws {
        var assembler = MessageAssembler(limit: 4)
        let half: [UInt8] = [1, 2, 3]
        let pending = try assembler.receive(
            piece(.binary, declared: 3, of: half, isFinal: false), of: half.span)
        #expect(pending == nil)
        assembler.drop()
        let message = try assembler.receive(piece(.binary, declared: 3, of: half), of: half.span)
        #expect(message?.bytes == half && message?.kind == .binary)
    }
}
