import Compression
import Testing

@Suite("RFC 1951 inflater")
struct InflaterTests {
    /// `Hello` with a final block, and an empty stored block behind it (RFC 7692 §7.2.3.4).
    let hello: [UInt8] = [0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0, 0, 0, 0xFF, 0xFF]

    @Test("any split of the input gives the same bytes")
    func inflatesSplit() throws {
        for cut in 0...hello.count {
            let inflater = Inflater(windowBits: 15)
            var output: [UInt8] = []
            for piece in [hello[..<cut], hello[cut...]] {
                var offset = piece.startIndex
                let upTo = Array(hello[..<piece.endIndex])
                while try inflater.step(upTo.span, at: &offset, into: &output, limit: 5) == .stepped {}
                #expect(offset == piece.endIndex)
            }
            #expect(output == Array("Hello".utf8))
        }
    }

    @Test("the end of a block at a byte's boundary is told from its middle")
    func tellsBoundary() throws {
        let inflater = Inflater(windowBits: 15)
        var boundaries: [Bool] = []
        for byte in hello {
            _ = try inflated([byte], with: inflater)
            boundaries.append(inflater.isBetweenBlocks)
        }
        #expect(boundaries.indices.filter { boundaries[$0] } == [6, 11])
        #expect(!inflater.isBehindFinalBlock)
    }

    @Test("blocks behind a final one may refer to what came before it")
    func keepsWindowBehindFinalBlock() throws {
        let deflater = Deflater(windowBits: 15, level: 6, memoryLevel: 8)
        let word = Array("Hello".utf8)
        _ = try #require(deflater.flushed(word, below: 100))
        let again = try #require(deflater.flushed(word, below: 100))
        let inflater = Inflater(windowBits: 15)
        #expect(try inflated(Array(hello[..<7]), with: inflater) == word)
        #expect(inflater.isBehindFinalBlock)
        #expect(try inflated(again, with: inflater) == word)
        inflater.reset()
        #expect(throws: InflateError.malformed) { try inflated([0x02, 0x13, 0x00, 0x00], with: inflater) }
    }

    @Test("a bomb of a thousand to one costs the limit and a step, and may stand at the limit")
    func defusesBomb() throws {
        let deflater = Deflater(windowBits: 15, level: 9, memoryLevel: 8)
        let plain = [UInt8](repeating: 0, count: 10_000_000)
        let bomb = try #require(deflater.flushed(plain, below: 20_000))
        for limit in [0, 1, 16_383, 16_384, 16_385, 100_000] {
            let inflater = Inflater(windowBits: 15)
            var output: [UInt8] = []
            var offset = 0
            #expect(throws: InflateError.tooBig) {
                while try inflater.step(bomb.span, at: &offset, into: &output, limit: limit) == .stepped {}
            }
            #expect(output.count == limit + 1)
            #expect(output.capacity <= limit + Inflater.stepBytes)
        }
        #expect(try inflated(bomb, limit: plain.count) == plain)
    }

    @Test("what is not deflate is refused, and the inflater may be used again after a reset")
    func refusesGarbage() throws {
        let inflater = Inflater(windowBits: 15)
        #expect(throws: InflateError.malformed) { try inflated([0xFF, 0xFF], with: inflater) }
        inflater.reset()
        #expect(try inflated(hello, with: inflater) == Array("Hello".utf8))
    }
}
