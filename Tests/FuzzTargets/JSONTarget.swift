import Foundation
import JSON

extension FuzzTarget {
    /// The scanner against Foundation's: what ours takes Foundation takes, with the same strings; what only
    /// Foundation takes ours refuses for a reason it documents. Skipping and walking are one judgement.
    package static let json = FuzzTarget(name: "json") { input in
        let refusal = JSONJudge.skipping(input)
        precondition(JSONJudge.walking(input)?.family == refusal?.family, "skipping and walking disagree")
        let isTaken =
            (try? JSONSerialization.jsonObject(with: Data(input), options: .fragmentsAllowed)) != nil
        guard let refusal else {
            // RFC 8259 §6 lets a reader refuse numbers; Foundation refuses those beyond a Double.
            precondition(isTaken || JSONJudge.hasHugeNumber(input), "ours takes what Foundation refuses")
            return
        }
        guard isTaken else { return }
        precondition(
            JSONJudge.isDocumented(refusal, of: input), "Foundation takes what ours refuses: \(refusal)")
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
    static func walking(_ bytes: [UInt8]) -> JSONError? {
        var reader = JSONReader()
        do {
            try walk(&reader, bytes.span)
            try reader.end(in: bytes.span)
            return nil
        } catch {
            return error
        }
    }

    private static func walk(_ reader: inout JSONReader, _ bytes: Span<UInt8>) throws(JSONError) {
        switch try reader.kind(in: bytes) {
        case .object:
            try reader.beginObject(in: bytes)
            while try reader.nextKey(in: bytes) != nil { try walk(&reader, bytes) }
        case .array:
            try reader.beginArray(in: bytes)
            while try reader.nextElement(in: bytes) { try walk(&reader, bytes) }
        case .string:
            let text = try reader.string(in: bytes)
            precondition(String(validating: text, as: UTF8.self) != nil, "a string is UTF-8")
            var writer = JSONWriter()
            writer.string(text.span)
            let written = writer.finish()
            var again = JSONReader()
            guard let same = try? again.string(in: written.span) else {
                // A text with U+0000 never comes out of a reader.
                preconditionFailure("what is written cannot be read")
            }
            precondition(same == text, "what is written reads back as another text")
        case .number:
            let before = reader
            do { _ = try reader.integer(.min ... .max, in: bytes) } catch {
                guard error.family == .mismatch else { throw error }
                reader = before
                _ = try reader.skip(in: bytes)
            }
        case .boolean: _ = try reader.boolean(in: bytes)
        case .null: try reader.null(in: bytes)
        }
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
