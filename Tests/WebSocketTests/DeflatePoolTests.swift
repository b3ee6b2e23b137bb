import Testing

@testable import WebSocket

@Suite("Deflate pools")
struct DeflatePoolTests {
    @Test("deflaters are shared by window size; inflaters are kept up to a number")
    func shares() {
        let pool = DeflatePool(DeflatePolicy())
        #expect(pool.sharedDeflater(windowBits: 9) === pool.sharedDeflater(windowBits: 9))
        #expect(pool.sharedDeflater(windowBits: 9) !== pool.sharedDeflater(windowBits: 15))
        let lent = (0..<20).map { _ in pool.lendInflater() }
        for inflater in lent { pool.giveBack(inflater) }
        #expect(pool.idleInflaters == DeflatePool.keptInflaters)
        #expect(pool.lendInflater() === lent[DeflatePool.keptInflaters - 1])
    }

    @Test("what is compressed and inflated is counted, with its bytes before and after")
    func counts() throws {
        let pair = try DeflatePair()
        let message = [UInt8](repeating: 0x61, count: 100)
        let payload = try #require(pair.server.compressed(message))
        _ = try pair.client.inflated(payload)
        let sent = pair.serverPool.statistics
        let received = pair.clientPool.statistics
        #expect(sent.sentMessages == 1 && received.receivedMessages == 1)
        #expect(sent.sentPlainBytes == 100 && received.receivedPlainBytes == 100)
        #expect(sent.sentDeflatedBytes == payload.count && received.receivedDeflatedBytes == payload.count)
    }
}
