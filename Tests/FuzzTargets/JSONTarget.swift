import Bytes
import Foundation
import JSON

extension FuzzTarget {
    /// The scanner against Foundation's: what ours takes Foundation takes, as the same values; what only
    /// Foundation takes ours refuses for a reason it documents. Skipping and walking are one judgement.
    package static let json = FuzzTarget(name: "json") { input in
        let refusal = JSONJudge.skipping(input)
        let (value, walkingRefusal) = JSONJudge.walking(input)
        precondition(walkingRefusal?.family == refusal?.family, "skipping and walking disagree")
        let theirs = try? JSONSerialization.jsonObject(with: Data(input), options: .fragmentsAllowed)
        guard let refusal else {
            // RFC 8259 §6 lets a reader refuse numbers; Foundation refuses those beyond a Double.
            precondition(
                theirs != nil || JSONJudge.hasHugeNumber(input), "Foundation refuses what ours takes")
            if let theirs, let value {
                precondition(value.isSame(as: theirs), "Foundation reads other values")
            }
            return
        }
        guard theirs != nil else { return }
        precondition(
            JSONJudge.isDocumented(refusal, of: input), "Foundation takes what ours refuses: \(refusal)")
    }
}

/// What our reader makes of a text.
indirect enum JSONValue {
    case object([(name: [UInt8], value: JSONValue)])
    case array([JSONValue])
    case string([UInt8])
    case integer(Int64)
    /// As it stands in the text.
    case number([UInt8])
    case boolean(Bool)
    case null

    /// Whether Foundation means the same.
    func isSame(as theirs: Any) -> Bool {
        switch self {
        case .object(let members): return Self.areSame(members, theirs)
        case .array(let elements):
            guard let theirs = theirs as? [Any], theirs.count == elements.count else { return false }
            return zip(elements, theirs).allSatisfy { $0.isSame(as: $1) }
        case .string(let text): return Self.isSame(text, theirs)
        case .integer(let number): return (theirs as? NSNumber)?.int64Value == number
        case .number(let text):
            let text = String(decoding: text, as: UTF8.self)
            guard let theirs = theirs as? NSNumber, let mine = Double(text) else { return false }
            // Foundation keeps more digits of some integers than a Double has.
            return theirs.doubleValue == mine || Decimal(string: text) == theirs.decimalValue
        case .boolean(let value): return theirs as? Bool == value
        case .null: return theirs is NSNull
        }
    }

    /// Byte for byte, but for U+FEFF: Foundation loses it where a run without escapes begins with it.
    static func isSame(_ text: [UInt8], _ theirs: Any?) -> Bool {
        guard let theirs = theirs as? String else { return false }
        return withoutMarks(text) == withoutMarks(Array(theirs.utf8))
    }

    private static func withoutMarks(_ text: [UInt8]) -> [UInt8] {
        let mark: Unicode.Scalar = "\u{FEFF}"
        let scalars = String(decoding: text, as: UTF8.self).unicodeScalars.filter { $0 != mark }
        return Array(String(String.UnicodeScalarView(scalars)).utf8)
    }

    /// Of members with one name Foundation keeps one, and calls two spellings of a letter one name.
    private static func areSame(
        _ members: [(name: [UInt8], value: JSONValue)], _ theirs: Any
    ) -> Bool {
        guard let theirs = theirs as? [String: Any] else { return false }
        let names = members.map { String(decoding: $0.name, as: UTF8.self) }
        guard members.allSatisfy({ withoutMarks($0.name) == $0.name }) else { return true }
        guard Set(names).count == names.count else { return theirs.count == Set(names).count }
        guard theirs.count == members.count else { return false }
        return zip(names, members).allSatisfy { name, member in
            theirs[name].map { member.value.isSame(as: $0) } ?? false
        }
    }
}

/// Our verdicts on a text.
enum JSONJudge {
    /// Passing it as a body is passed.
    static func skipping(_ bytes: [UInt8]) -> JSONError? {
        var reader = JSONReader()
        do {
            let range = try reader.skip(in: bytes.span)
            try reader.end(in: bytes.span)
            precondition(range.upperBound <= bytes.count)
            return nil
        } catch {
            precondition((0...bytes.count).contains(error.offset), "an error lies in the text")
            return error
        }
    }

    /// Entering everything, as commands are read; every string is written and read again.
    static func walking(_ bytes: [UInt8]) -> (JSONValue?, JSONError?) {
        var reader = JSONReader()
        do {
            let value = try walk(&reader, bytes.span)
            try reader.end(in: bytes.span)
            return (value, nil)
        } catch {
            return (nil, error)
        }
    }

    private static func walk(_ reader: inout JSONReader, _ bytes: Span<UInt8>) throws(JSONError) -> JSONValue
    {
        switch try reader.kind(in: bytes) {
        case .object:
            var members: [(name: [UInt8], value: JSONValue)] = []
            try reader.beginObject(in: bytes)
            while let key = try reader.nextKey(in: bytes) {
                members.append((name(of: key, in: bytes), try walk(&reader, bytes)))
            }
            return .object(members)
        case .array:
            var elements: [JSONValue] = []
            try reader.beginArray(in: bytes)
            while try reader.nextElement(in: bytes) { elements.append(try walk(&reader, bytes)) }
            return .array(elements)
        case .string:
            let text = try reader.string(in: bytes)
            checkWriting(text)
            return .string(text)
        case .number: return try number(&reader, bytes)
        case .boolean: return .boolean(try reader.boolean(in: bytes))
        case .null:
            try reader.null(in: bytes)
            return .null
        }
    }

    private static func number(
        _ reader: inout JSONReader, _ bytes: Span<UInt8>
    ) throws(JSONError) -> JSONValue {
        let before = reader
        do {
            return .integer(try reader.integer(.min ... .max, in: bytes))
        } catch {
            guard error.family == .mismatch else { throw error }
            reader = before
            let range = try reader.skip(in: bytes)
            return .number([UInt8](bytes.extracting(range)))
        }
    }

    /// A key keeps its place in the text; the string there is its name.
    private static func name(of key: JSONKey, in bytes: Span<UInt8>) -> [UInt8] {
        var reader = JSONReader(at: key.range.lowerBound)
        guard let name = try? reader.string(in: bytes), reader.offset == key.range.upperBound else {
            preconditionFailure("a key is no string")
        }
        return name
    }

    private static func checkWriting(_ text: [UInt8]) {
        precondition(UTF8Oracle.isText(text), "a string is UTF-8")
        var writer = JSONWriter()
        writer.string(text.span)
        let written = writer.finish()
        var again = JSONReader()
        guard let same = try? again.string(in: written.span) else {
            // A text with U+0000 never comes out of a reader.
            preconditionFailure("what is written cannot be read")
        }
        precondition(same == text, "what is written reads back as another text")
        let theirs = try? JSONSerialization.jsonObject(with: Data(written), options: .fragmentsAllowed)
        precondition(
            JSONValue.isSame(text, theirs), "Foundation reads what is written as another text")
    }

    /// The reasons for which we are stricter than Foundation: what cannot be stored, depth, a byte order
    /// mark, and encodings other than UTF-8, which Foundation guesses from zero bytes. Foundation also lets a
    /// comma end an object or array, which RFC 8259 does not.
    static func isDocumented(_ error: JSONError, of bytes: [UInt8]) -> Bool {
        if error.family == .refused { return true }
        if error.reason == .byteOrderMark || bytes.contains(0) { return true }
        if case .unexpectedByte(let byte) = error.reason,
            byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}")
        {
            let before = bytes[..<error.offset].last { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
            return before == UInt8(ascii: ",")
        }
        return bytes.starts(with: [0xFE, 0xFF]) || bytes.starts(with: [0xFF, 0xFE])
    }

    /// Whether a number stands in the text that no Double holds.
    static func hasHugeNumber(_ bytes: [UInt8]) -> Bool {
        let text = String(decoding: bytes, as: UTF8.self)
        return text.split(whereSeparator: { !"+-.eE0123456789".contains($0) }).contains { word in
            guard let value = Double(word) else { return false }
            return value.isInfinite || value == 0 || abs(value) < .leastNormalMagnitude || word.count > 15
        }
    }
}
