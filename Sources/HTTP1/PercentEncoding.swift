/// Percent-encoded text as it stands in a request target (RFC 3986 §2.1). Reads only.
package enum PercentEncoding {
    /// The text with every `%XX` resolved; nil if an escape is malformed, or if the bytes are no UTF-8 or
    /// contain a NUL: such a name would mean one thing to the reader and another to the file system or the
    /// archive.
    package static func decode(_ text: Substring) -> String? { decode(text, plusIsSpace: false) }

    /// The same for a name or value of a query, where `+` is a space (the form encoding of browsers).
    static func decodeForm(_ text: Substring) -> String? { decode(text, plusIsSpace: true) }

    private static func decode(_ text: Substring, plusIsSpace: Bool) -> String? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        var rest = text.utf8.makeIterator()
        while let byte = rest.next() {
            switch byte {
            case UInt8(ascii: "%"):
                guard let high = rest.next()?.hexDigitValue, let low = rest.next()?.hexDigitValue else {
                    return nil
                }
                bytes.append(UInt8(high << 4 | low))
            case UInt8(ascii: "+") where plusIsSpace: bytes.append(0x20)
            default: bytes.append(byte)
            }
        }
        guard !bytes.contains(0) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }
}
