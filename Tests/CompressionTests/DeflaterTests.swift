import Compression
import Testing

/// What raw deflate inflates to, in steps.
func inflated(
    _ bytes: [UInt8], with inflater: Inflater = Inflater(windowBits: 15), limit: Int = 1 << 20
) throws(InflateError) -> [UInt8] {
    var output: [UInt8] = []
    var offset = 0
    while try inflater.step(bytes.span, at: &offset, into: &output, limit: limit) == .stepped {}
    return output
}

extension Deflater {
    /// The bytes of an array: `#require` takes no spans.
    func flushed(_ input: [UInt8], below capacity: Int) -> [UInt8]? {
        flushed(input.span, below: capacity)
    }
}

/// Bytes in which nothing repeats, the same in every run.
func noise(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
    var state = seed
    return (0..<count).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt8(truncatingIfNeeded: state >> 33)
    }
}

@Suite("RFC 1951 deflater")
struct DeflaterTests {
    @Test(
        "what is compressed inflates to what it was",
        arguments: [9, 12, 15], [0, 1, 100, 1_000, 70_000])
    func goesRound(windowBits: Int, count: Int) throws {
        let deflater = Deflater(windowBits: windowBits, level: 6, memoryLevel: 8)
        let plain = Array(noise(count / 2) + noise(count / 2))
        let packed = try #require(deflater.flushed(plain, below: count + count / 4 + 100))
        #expect(packed.suffix(4) == [0, 0, 0xFF, 0xFF])
        #expect(try inflated(packed, with: Inflater(windowBits: windowBits)) == plain)
    }

    @Test("what came before is the dictionary, until it is forgotten")
    func keepsContext() throws {
        let deflater = Deflater(windowBits: 15, level: 6, memoryLevel: 8)
        let plain = noise(500)
        let first = try #require(deflater.flushed(plain, below: 1_000))
        let second = try #require(deflater.flushed(plain, below: 1_000))
        #expect(second.count < 50)
        let inflater = Inflater(windowBits: 15)
        #expect(try inflated(first, with: inflater) == plain)
        #expect(try inflated(second, with: inflater) == plain)
        deflater.reset()
        #expect(deflater.flushed(plain, below: 1_000) == first)
    }

    @Test("what does not get small enough is given up, and what comes next refers to nothing of it")
    func givesUp() throws {
        let deflater = Deflater(windowBits: 15, level: 6, memoryLevel: 8)
        let plain = noise(500)
        #expect(deflater.flushed(plain, below: 500) == nil)
        #expect(deflater.flushed(plain, below: 0) == nil)
        let packed = try #require(deflater.flushed(plain, below: 1_000))
        #expect(try inflated(packed) == plain)
    }
}
