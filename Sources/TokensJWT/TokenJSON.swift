import JSON

/// Reads a JSON object whose names are not known beforehand, strictly (RFC 8259), and owns its text. What is
/// wrong is said without the text: tokens are not repeated.
struct TokenJSON {
    private let text: [UInt8]
    private var json = JSONReader()

    /// A reader at the beginning of `text`.
    init(_ text: [UInt8]) { self.text = text }

    /// Enters an object; `nextName` follows until it is nil.
    mutating func beginObject() throws(TokenJSONFault) {
        try read { json, text throws(JSONError) in try json.beginObject(in: text) }
    }

    /// The next member's whole name, escapes resolved; nil at the object's end, which is passed.
    mutating func nextName() throws(TokenJSONFault) -> String? {
        try read { json, text throws(JSONError) in
            guard let key = try json.nextKey(in: text) else { return nil }
            // The reader's own keys tell only short names apart.
            var name = JSONReader(at: key.range.lowerBound)
            return String(decoding: try name.string(in: text), as: UTF8.self)
        }
    }

    /// Enters an array; `nextElement` follows until it is false.
    mutating func beginArray() throws(TokenJSONFault) {
        try read { json, text throws(JSONError) in try json.beginArray(in: text) }
    }

    /// Whether another element comes next; false at the array's end, which is passed.
    mutating func nextElement() throws(TokenJSONFault) -> Bool {
        try read { json, text throws(JSONError) in try json.nextElement(in: text) }
    }

    /// Whether a string comes next.
    mutating func isAtString() throws(TokenJSONFault) -> Bool {
        try read { json, text throws(JSONError) in try json.kind(in: text) == .string }
    }

    /// A string's bytes, valid UTF-8.
    mutating func utf8() throws(TokenJSONFault) -> [UInt8] {
        try read { json, text throws(JSONError) in try json.string(in: text) }
    }

    /// A string.
    mutating func string() throws(TokenJSONFault) -> String { String(decoding: try utf8(), as: UTF8.self) }

    /// A number, with or without a fraction.
    mutating func number() throws(TokenJSONFault) -> Double {
        let range = try read { json, text throws(JSONError) in
            guard try json.kind(in: text) == .number else { throw JSONError(.expected(.number), at: 0) }
            return try json.skip(in: text)
        }
        return Double(String(decoding: text[range], as: UTF8.self)) ?? .nan
    }

    /// Passes any value.
    mutating func skip() throws(TokenJSONFault) {
        try read { json, text throws(JSONError) in _ = try json.skip(in: text) }
    }

    /// Makes sure that nothing follows.
    mutating func end() throws(TokenJSONFault) {
        try read { json, text throws(JSONError) in try json.end(in: text) }
    }

    private mutating func read<Value>(
        _ body: (inout JSONReader, Span<UInt8>) throws(JSONError) -> Value
    ) throws(TokenJSONFault) -> Value {
        let text = text
        do { return try body(&json, text.span) } catch { throw TokenJSONFault(error) }
    }
}

/// What is wrong with a value, in words that follow its name.
struct TokenJSONFault: Error, Equatable {
    /// The words: `must be a string`.
    let sentence: String

    init(_ sentence: String) { self.sentence = sentence }

    /// Where the text is no JSON at all the reader's own words would show some of it.
    fileprivate init(_ error: JSONError) {
        sentence = error.family == .malformed ? "is not JSON" : error.sentence
    }
}
