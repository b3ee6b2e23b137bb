import Bytes

/// Writes one JSON text on one line, member by member; commas come by themselves. It checks no grammar: who
/// opens an object closes it.
package struct JSONWriter {
    private var output: ByteWriter
    private var needsComma = false

    /// A writer with room for `capacity` bytes.
    package init(capacity: Int = 256) { output = ByteWriter(capacity: capacity) }

    /// Opens an object.
    package mutating func beginObject() {
        separate()
        output.append(UInt8(ascii: "{"))
        needsComma = false
    }

    /// Closes it.
    package mutating func endObject() {
        output.append(UInt8(ascii: "}"))
        needsComma = true
    }

    /// Opens an array.
    package mutating func beginArray() {
        separate()
        output.append(UInt8(ascii: "["))
        needsComma = false
    }

    /// Closes it.
    package mutating func endArray() {
        output.append(UInt8(ascii: "]"))
        needsComma = true
    }

    /// A member's name, which needs no escape; its value comes next.
    package mutating func key(_ name: StaticString) {
        separate()
        output.append(UInt8(ascii: "\""))
        output.append(literal: name)
        output.append(literal: "\":")
        needsComma = false
    }

    /// A member's name that is not known beforehand; its value comes next.
    package mutating func key(text name: String) {
        string(name)
        output.append(UInt8(ascii: ":"))
        needsComma = false
    }

    /// A string of these bytes, valid UTF-8.
    package mutating func string(_ utf8: Span<UInt8>) {
        separate()
        output.append(UInt8(ascii: "\""))
        escape(utf8)
        output.append(UInt8(ascii: "\""))
        needsComma = true
    }

    /// A string of this text.
    package mutating func string(_ text: String) { string(text.utf8.span) }

    /// An integer.
    package mutating func integer(_ value: Int64) {
        separate()
        output.append(decimal: value)
        needsComma = true
    }

    /// `true` or `false`.
    package mutating func boolean(_ value: Bool) {
        separate()
        output.append(literal: value ? "true" : "false")
        needsComma = true
    }

    /// A value that is JSON already, byte for byte.
    package mutating func raw(_ json: Span<UInt8>) {
        separate()
        output.append(json)
        needsComma = true
    }

    /// Hands over what was written.
    package consuming func finish() -> [UInt8] { output.finish() }

    private mutating func separate() {
        if needsComma { output.append(UInt8(ascii: ",")) }
    }

    /// RFC 8259 §7: quote, backslash and U+0000 to U+001F are escaped, nothing else needs it.
    private mutating func escape(_ utf8: Span<UInt8>) {
        var written = 0
        for index in utf8.indices {
            let byte = utf8[index]
            guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
            output.append(utf8.extracting(written..<index))
            written = index + 1
            output.append(UInt8(ascii: "\\"))
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): output.append(byte)
            case 0x08: output.append(UInt8(ascii: "b"))
            case 0x09: output.append(UInt8(ascii: "t"))
            case 0x0A: output.append(UInt8(ascii: "n"))
            case 0x0C: output.append(UInt8(ascii: "f"))
            case 0x0D: output.append(UInt8(ascii: "r"))
            default:
                output.append(literal: byte < 0x10 ? "u000" : "u001")
                let digit = byte & 0x0F
                output.append(digit < 10 ? 0x30 + digit : 0x61 + digit - 10)
            }
        }
        output.append(utf8.extracting(written..<utf8.count))
    }
}
