/// Appends bytes, text and numbers to an array: what every encoder writes into.
package struct ByteWriter {
    /// What was written so far.
    package private(set) var bytes: [UInt8] = []

    /// An empty writer with room for `capacity` bytes.
    package init(capacity: Int = 0) {
        if capacity > 0 { bytes.reserveCapacity(capacity) }
    }

    /// How many bytes were written.
    package var count: Int { bytes.count }

    /// What was written so far.
    package var span: Span<UInt8> {
        @_lifetime(borrow self)
        borrowing get { bytes.span }
    }

    /// Makes room for `more` bytes beyond those written.
    package mutating func reserve(_ more: Int) { bytes.reserveCapacity(bytes.count + more) }

    /// Appends one byte.
    package mutating func append(_ byte: UInt8) { bytes.append(byte) }

    /// Appends the bytes of `span`.
    package mutating func append(_ span: Span<UInt8>) { bytes.append(span) }

    /// Appends the bytes of `more`.
    package mutating func append(_ more: [UInt8]) { bytes.append(contentsOf: more) }

    /// Appends `text` in UTF-8.
    package mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

    /// Appends a literal in UTF-8, without making a String of it.
    package mutating func append(literal text: StaticString) {
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    /// Appends `value` in decimal digits, with a minus sign where it is negative.
    package mutating func append(decimal value: Int64) {
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        append(decimal: value.magnitude)
    }

    /// Appends `value` in decimal digits, with a minus sign where it is negative.
    package mutating func append(decimal value: Int) { append(decimal: Int64(value)) }

    /// Appends `value` in decimal digits.
    package mutating func append(decimal value: UInt64) {
        var length = 1
        var rest = value
        while rest >= 10 {
            rest /= 10
            length += 1
        }
        bytes.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: length))
        rest = value
        var index = bytes.count - 1
        while rest > 0 {
            bytes[index] += UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
            index -= 1
        }
    }

    /// Forgets what was written and keeps the memory for the next message.
    package mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    /// Hands over what was written, without a copy.
    package consuming func finish() -> [UInt8] { bytes }
}
