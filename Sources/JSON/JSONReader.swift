import Bytes

/// Reads one JSON text (RFC 8259) strictly, value by value, without building a tree: an index into bytes that
/// the caller passes to each call, the same ones every time.
///
/// Every string is checked, also in skipped values: UTF-8, escapes, no U+0000, no half of a surrogate pair.
/// Memory is taken only for the strings handed out. After an error the reader stands somewhere; a copy made
/// before goes on.
package struct JSONReader: Sendable {
    /// Where the next call begins to read.
    package internal(set) var offset: Int
    /// Lets U+0000 and lone surrogates pass, the latter as U+FFFD: for finding out whom to tell that a text
    /// is refused, never for what is stored.
    package var isTolerant = false

    private var depth = 0
    private var isFirst = false

    /// How many objects and arrays may be open at once.
    package static let depthLimit = 64

    /// A reader that begins at this byte.
    package init(at offset: Int = 0) { self.offset = offset }

    /// The kind of the value that comes next; nothing but white space is passed.
    package mutating func kind(in bytes: Span<UInt8>) throws(JSONError) -> JSONKind {
        skipWhiteSpace(in: bytes)
        switch try byte(in: bytes) {
        case UInt8(ascii: "{"): return .object
        case UInt8(ascii: "["): return .array
        case UInt8(ascii: "\""): return .string
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .boolean
        case UInt8(ascii: "n"): return .null
        case let other: throw unexpected(other, in: bytes)
        }
    }

    /// Enters an object; `nextKey` follows until it is nil.
    package mutating func beginObject(in bytes: Span<UInt8>) throws(JSONError) {
        try begin(.object, in: bytes)
    }

    /// Enters an array; `nextElement` follows until it is false.
    package mutating func beginArray(in bytes: Span<UInt8>) throws(JSONError) {
        try begin(.array, in: bytes)
    }

    /// The next member's name, its value comes next; nil at the object's end, which is passed.
    package mutating func nextKey(in bytes: Span<UInt8>) throws(JSONError) -> JSONKey? {
        guard try nextMember(closing: UInt8(ascii: "}"), in: bytes) else { return nil }
        return try key(in: bytes)
    }

    /// Whether another element comes next; false at the array's end, which is passed.
    package mutating func nextElement(in bytes: Span<UInt8>) throws(JSONError) -> Bool {
        try nextMember(closing: UInt8(ascii: "]"), in: bytes)
    }

    /// A string's text in UTF-8, escapes resolved.
    package mutating func string(in bytes: Span<UInt8>) throws(JSONError) -> [UInt8] {
        try expect(.string, in: bytes)
        let scanned = try scanString(in: bytes)
        guard scanned.hasEscapes else { return [UInt8](bytes.extracting(scanned.content)) }
        return Self.unescaped(bytes.extracting(scanned.content))
    }

    /// An integer of this range. `1.0` and `1e3` are none; `-0` is 0.
    package mutating func integer(
        _ allowed: ClosedRange<Int64>, in bytes: Span<UInt8>
    ) throws(JSONError) -> Int64 {
        try expect(.number, in: bytes)
        let start = offset
        guard try scanNumber(in: bytes) else { throw JSONError(.notAnInteger, at: start) }
        let isNegative = bytes[start] == UInt8(ascii: "-")
        var value: Int64 = 0
        for index in (isNegative ? start + 1 : start)..<offset {
            let digit = Int64(bytes[index] & 0x0F)
            let (tenfold, overflowed) = value.multipliedReportingOverflow(by: 10)
            // Built up on the side of its sign: the smallest Int64 has no positive counterpart.
            let (sum, overflowedToo) =
                isNegative
                ? tenfold.subtractingReportingOverflow(digit) : tenfold.addingReportingOverflow(digit)
            guard !overflowed, !overflowedToo else { throw JSONError(.integerOutOfRange, at: start) }
            value = sum
        }
        guard allowed.contains(value) else { throw JSONError(.integerOutOfRange, at: start) }
        return value
    }

    /// `true` or `false`.
    package mutating func boolean(in bytes: Span<UInt8>) throws(JSONError) -> Bool {
        try expect(.boolean, in: bytes)
        let value = bytes[offset] == UInt8(ascii: "t")
        try scanLiteral(in: bytes)
        return value
    }

    /// `null`.
    package mutating func null(in bytes: Span<UInt8>) throws(JSONError) {
        try expect(.null, in: bytes)
        try scanLiteral(in: bytes)
    }

    /// Passes any value, checks all of it, and says where it stood.
    package mutating func skip(in bytes: Span<UInt8>) throws(JSONError) -> Range<Int> {
        skipWhiteSpace(in: bytes)
        let start = offset
        var level = 0
        // One bit for every open container, the innermost lowest: 1 is an object. `depthLimit` bits suffice.
        var objects: UInt64 = 0
        while true {
            if let isObject = try skipScalarOrOpen(depth: depth + level, in: bytes) {
                level += 1
                objects = objects << 1 | (isObject ? 1 : 0)
                skipWhiteSpace(in: bytes)
                if try byte(in: bytes) != Self.closing(isObject) {
                    if isObject { _ = try key(in: bytes) }
                    continue
                }
            }
            if try skipEnds(level: &level, objects: &objects, in: bytes) { return start..<offset }
        }
    }

    /// Makes sure that nothing but white space follows.
    package mutating func end(in bytes: Span<UInt8>) throws(JSONError) {
        skipWhiteSpace(in: bytes)
        guard offset == bytes.count else { throw JSONError(.trailingBytes, at: offset) }
    }

    // MARK: Structure

    private mutating func begin(_ kind: JSONKind, in bytes: Span<UInt8>) throws(JSONError) {
        try expect(kind, in: bytes)
        guard depth < Self.depthLimit else { throw JSONError(.tooDeep, at: offset) }
        depth += 1
        offset += 1
        isFirst = true
    }

    private mutating func nextMember(closing: UInt8, in bytes: Span<UInt8>) throws(JSONError) -> Bool {
        skipWhiteSpace(in: bytes)
        let next = try byte(in: bytes)
        let wasFirst = isFirst
        isFirst = false
        if next == closing {
            offset += 1
            depth -= 1
            return false
        }
        if wasFirst { return true }
        guard next == UInt8(ascii: ",") else { throw unexpected(next, in: bytes) }
        offset += 1
        return true
    }

    /// A member's name and its colon.
    private mutating func key(in bytes: Span<UInt8>) throws(JSONError) -> JSONKey {
        skipWhiteSpace(in: bytes)
        let first = try byte(in: bytes)
        guard first == UInt8(ascii: "\"") else { throw unexpected(first, in: bytes) }
        let scanned = try scanString(in: bytes)
        let range = (scanned.content.lowerBound - 1)..<(scanned.content.upperBound + 1)
        skipWhiteSpace(in: bytes)
        let colon = try byte(in: bytes)
        guard colon == UInt8(ascii: ":") else { throw unexpected(colon, in: bytes) }
        offset += 1
        let content = bytes.extracting(scanned.content)
        guard scanned.hasEscapes else { return JSONKey(content, at: range) }
        return JSONKey(Self.unescaped(content).span, at: range)
    }

    /// Passes a scalar (nil), or the opening of a container (whether it is an object).
    private mutating func skipScalarOrOpen(depth: Int, in bytes: Span<UInt8>) throws(JSONError) -> Bool? {
        let kind = try kind(in: bytes)
        switch kind {
        case .object, .array:
            guard depth < Self.depthLimit else { throw JSONError(.tooDeep, at: offset) }
            offset += 1
            return kind == .object
        case .string: _ = try scanString(in: bytes)
        case .number: _ = try scanNumber(in: bytes)
        case .boolean, .null: try scanLiteral(in: bytes)
        }
        return nil
    }

    /// After a value: closes what ends here. True when nothing is open any more, false before another value.
    private mutating func skipEnds(
        level: inout Int, objects: inout UInt64, in bytes: Span<UInt8>
    ) throws(JSONError) -> Bool {
        while level > 0 {
            let isObject = objects & 1 == 1
            skipWhiteSpace(in: bytes)
            let next = try byte(in: bytes)
            if next == UInt8(ascii: ",") {
                offset += 1
                if isObject { _ = try key(in: bytes) }
                return false
            }
            guard next == Self.closing(isObject) else { throw unexpected(next, in: bytes) }
            offset += 1
            level -= 1
            objects >>= 1
        }
        return true
    }

    private mutating func expect(_ kind: JSONKind, in bytes: Span<UInt8>) throws(JSONError) {
        guard try self.kind(in: bytes) == kind else { throw JSONError(.expected(kind), at: offset) }
    }

    private static func closing(_ isObject: Bool) -> UInt8 {
        isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")
    }
}
