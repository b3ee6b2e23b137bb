/// Cuts a text into its lines: one JSON text stands on each, and no JSON text needs a line feed inside.
package struct JSONLines: Sendable {
    /// Where the next line is looked for.
    package private(set) var offset: Int

    /// Begins at the text's first line, or at an earlier reader's `offset`.
    package init(at offset: Int = 0) { self.offset = offset }

    /// The next line that holds more than white space, without its line feed; nil after the last.
    package mutating func next(in text: Span<UInt8>) -> Range<Int>? {
        while offset < text.count {
            let line = offset..<Self.lineEnd(from: offset, in: text)
            offset = line.upperBound + 1
            if line.contains(where: { !Self.isBlank(text[$0]) }) { return line }
        }
        return nil
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }

    /// Where the next line feed stands, or the text's end; eight bytes at a time.
    private static func lineEnd(from start: Int, in text: Span<UInt8>) -> Int {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let raw = unsafe text.bytes
        var index = start
        while index &+ 8 <= raw.byteCount {
            // The loop's condition keeps the eight bytes within the span.
            let word = unsafe UInt64(
                littleEndian: raw.unsafeLoadUnaligned(fromUncheckedByteOffset: index, as: UInt64.self))
            let feeds = word ^ (ones &* 0x0A)
            let marks = (feeds &- ones) & ~feeds & (ones &* 0x80)
            if marks != 0 { return index &+ marks.trailingZeroBitCount >> 3 }
            index &+= 8
        }
        while index < text.count, text[index] != 0x0A { index &+= 1 }
        return index
    }
}
