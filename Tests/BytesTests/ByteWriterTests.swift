import Bytes
import Testing

@Suite("The writer of bytes")
struct ByteWriterTests {
    @Test("bytes, text and literals stand in the order they were appended")
    func appends() {
        var writer = ByteWriter(capacity: 16)
        writer.append(1)
        writer.append([2, 3])
        writer.append([4].span)
        writer.append("é")
        writer.append(literal: "ok")
        #expect(writer.count == 8)
        #expect(writer.span[4] == 0xC3)
        #expect(writer.finish() == [1, 2, 3, 4, 0xC3, 0xA9, 0x6F, 0x6B])
    }

    @Test(
        "a signed number is written as Swift writes it",
        arguments: [0, 1, -1, 9, 10, 99, 100, -100, 9_007_199_254_740_991, Int64.max, Int64.min])
    func decimal(_ value: Int64) {
        var writer = ByteWriter()
        writer.append(literal: "x")
        writer.append(decimal: value)
        #expect(writer.finish() == [UInt8]("x\(value)".utf8))
    }

    @Test("the largest unsigned number is written whole")
    func largest() {
        var writer = ByteWriter()
        writer.append(decimal: UInt64.max)
        writer.append(decimal: 42)
        #expect(writer.bytes == [UInt8]("\(UInt64.max)42".utf8))
    }

    @Test("clearing forgets the bytes and keeps the memory")
    func clears() {
        var writer = ByteWriter()
        writer.reserve(1000)
        let capacity = writer.bytes.capacity
        writer.append("text")
        writer.removeAll()
        #expect(writer.bytes.isEmpty && writer.bytes.capacity == capacity)
    }
}
