import Testing

@testable import JSON

/// Reads one whole text, value by value skipped: what a body goes through.
private func check(_ bytes: [UInt8]) -> JSONError? {
    var reader = JSONReader()
    do {
        _ = try reader.skip(in: bytes.span)
        try reader.end(in: bytes.span)
        return nil
    } catch {
        return error
    }
}

/// Reads one whole text by entering everything, as commands are read.
private func walk(_ bytes: [UInt8]) -> JSONError? {
    func value(_ reader: inout JSONReader) throws(JSONError) {
        switch try reader.kind(in: bytes.span) {
        case .object:
            try reader.beginObject(in: bytes.span)
            while try reader.nextKey(in: bytes.span) != nil { try value(&reader) }
        case .array:
            try reader.beginArray(in: bytes.span)
            while try reader.nextElement(in: bytes.span) { try value(&reader) }
        case .string: _ = try reader.string(in: bytes.span)
        case .number:
            do { _ = try reader.integer(.min ... .max, in: bytes.span) } catch
                where error.family == .mismatch
            {}
        case .boolean: _ = try reader.boolean(in: bytes.span)
        case .null: try reader.null(in: bytes.span)
        }
    }
    var reader = JSONReader()
    do {
        try value(&reader)
        try reader.end(in: bytes.span)
        return nil
    } catch {
        return error
    }
}

@Suite("RFC 8259 texts")
struct JSONReaderTests {
    static let good: [String] = [
        "{}", "[]", " [ ] ", "{ }", "0", "-0", "1", "-1", "10", "0.5", "-0.5e+10", "1E5", "1e-0", "true",
        "false",
        "null", #""""#, #""a""#, #""\u0061\n\t\r\b\f\/\\\"""#, #""ü€😀""#, #""\ud83d\ude00""#,
        #""\uD83D\uDE00x""#,
        #"{"a":1,"b":[1,2,{"c":null}]}"#, "\t\r\n{\n\"a\"\n:\n1\n}\n", "[[],{},[{}],{\"a\":[]}]",
        "123456789012345678901234567890", #"{"a":1,"a":2}"#, #"["\u2028","\uFFFF"]"#, "\"\u{7F}\u{2028}\"",
        #"{"":{"":""}}"#, "[1,2,3,\"12345678\",\"1234567890123456\"]",
        String(repeating: "[", count: 64) + String(repeating: "]", count: 64),
    ]

    @Test("a text that is JSON is taken, skipped or walked", arguments: good)
    func takes(_ text: String) {
        #expect(check(Array(text.utf8)) == nil)
        #expect(walk(Array(text.utf8)) == nil)
    }

    static let bad: [(String, JSONError.Reason, Int)] = [
        ("", .endOfText, 0), (" ", .endOfText, 1), ("{", .endOfText, 1), ("[1", .endOfText, 2),
        (#"{"a""#, .endOfText, 4), (#"{"a":"#, .endOfText, 5), (#""abc"#, .endOfText, 4),
        (#""\"#, .endOfText, 2),
        (#""\u12"#, .endOfText, 5), ("tru", .endOfText, 3), ("-", .endOfText, 1), ("1.", .endOfText, 2),
        ("1e", .endOfText, 2), ("1e+", .endOfText, 3),
        ("[1,]", .unexpectedByte(0x5D), 3), ("[,1]", .unexpectedByte(0x2C), 1),
        ("{,}", .unexpectedByte(0x2C), 1),
        (#"{"a":1,}"#, .unexpectedByte(0x7D), 7), (#"{"a" 1}"#, .unexpectedByte(0x31), 5),
        (#"{a:1}"#, .unexpectedByte(0x61), 1), (#"{1:1}"#, .unexpectedByte(0x31), 1),
        ("[1 2]", .unexpectedByte(0x32), 3),
        ("[1}", .unexpectedByte(0x7D), 2), (#"{"a":1]"#, .unexpectedByte(0x5D), 6),
        ("]", .unexpectedByte(0x5D), 0),
        ("'a'", .unexpectedByte(0x27), 0), ("+1", .unexpectedByte(0x2B), 0), (".5", .unexpectedByte(0x2E), 0),
        ("NaN", .unexpectedByte(0x4E), 0), ("/**/1", .unexpectedByte(0x2F), 0),
        ("[\u{A0}]", .unexpectedByte(0xC2), 1),
        ("[01]", .unexpectedByte(0x31), 2), ("[1.]", .badNumber, 3), ("[-]", .badNumber, 2),
        ("[1ex]", .badNumber, 3),
        ("[-a]", .badNumber, 2), ("[1.e1]", .badNumber, 3), ("[0x1]", .unexpectedByte(0x78), 2),
        ("trux", .badLiteral, 0), ("nulL", .badLiteral, 0), ("True", .unexpectedByte(0x54), 0),
        (#""\x""#, .badEscape, 1), (#""\u12g4""#, .badEscape, 1), (#""\U0041""#, .badEscape, 1),
        ("\"\t\"", .controlCharacter, 1), ("\"12345678\n\"", .controlCharacter, 9),
        ("\"\0\"", .controlCharacter, 1),
        ("1 2", .trailingBytes, 2), ("{}}", .trailingBytes, 2), ("\u{FEFF}{}", .byteOrderMark, 0),
        (#""\u0000""#, .nullCharacter, 1), (#"{"\u0000":1}"#, .nullCharacter, 2),
        (#""\ud800""#, .loneSurrogate, 1),
        (#""a\udc00""#, .loneSurrogate, 2), (#""\ud800\u0041""#, .loneSurrogate, 1),
        (#""\ud800\ud800\udc00""#, .loneSurrogate, 1), (#""\ud800x""#, .loneSurrogate, 1),
        (String(repeating: "[", count: 65) + String(repeating: "]", count: 65), .tooDeep, 64),
        (String(repeating: #"{"a":"#, count: 65), .tooDeep, 320),
    ]

    @Test(
        "a text that is not JSON, or not storable, is refused at the byte where it goes wrong", arguments: bad
    )
    func refuses(_ text: String, _ reason: JSONError.Reason, _ offset: Int) {
        #expect(check(Array(text.utf8)) == JSONError(reason, at: offset))
        #expect(walk(Array(text.utf8)) == JSONError(reason, at: offset))
    }

    @Test(
        "RFC 3629: a string that is not UTF-8 is refused",
        arguments: [
            [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xC2, 0x41], [0xE0, 0x80, 0x80],
            [0xE0, 0x9F, 0xBF],
            [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xE2, 0x82], [0xF0, 0x80, 0x80, 0x80],
            [0xF0, 0x8F, 0xBF, 0xBF],
            [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF], [0xFE], [0xF0, 0x9F, 0x98],
            [0xE2, 0x82, 0x22],
        ] as [[UInt8]])
    func refusesInvalidUTF8(_ bad: [UInt8]) {
        for padding in 0...9 {
            let prefix = [0x22] + [UInt8](repeating: 0x61, count: padding)
            #expect(check(prefix + bad + [0x22])?.offset == padding + 1)
            #expect(walk(prefix + bad + [0x22])?.family == .malformed)
        }
    }

    @Test("every good text that is cut anywhere is refused as cut, and with bytes after it as too long")
    func refusesCut() {
        for text in Self.good
        where !text.contains(where: \.isWhitespace) && "{[\"".contains(text.first ?? "x") {
            let bytes = Array(text.utf8)
            for end in 0..<bytes.count {
                #expect(check(Array(bytes[..<end])) != nil, "\(text) cut at \(end)")
            }
            #expect(check(bytes + [0x30])?.reason == .trailingBytes)
        }
    }

    @Test("a skipped value's range holds its bytes and nothing around them")
    func tellsRange() throws {
        let bytes = Array(#"{"a" : [1, "]"] , "b":  -1.5e3 }"#.utf8)
        var reader = JSONReader()
        try reader.beginObject(in: bytes.span)
        #expect(try reader.nextKey(in: bytes.span) == "a")
        #expect(String(decoding: bytes[try reader.skip(in: bytes.span)], as: UTF8.self) == #"[1, "]"]"#)
        #expect(try reader.nextKey(in: bytes.span) == "b")
        #expect(String(decoding: bytes[try reader.skip(in: bytes.span)], as: UTF8.self) == "-1.5e3")
        #expect(try reader.nextKey(in: bytes.span) == nil)
        try reader.end(in: bytes.span)
    }

    @Test("integers keep to their range; fractions and exponents are none, whatever their value")
    func readsIntegers() {
        func integer(_ text: String, _ range: ClosedRange<Int64> = .min ... .max) -> Result<Int64, JSONError>
        {
            var reader = JSONReader()
            return Result { () throws(JSONError) in try reader.integer(range, in: Array(text.utf8).span) }
        }
        #expect(integer("0") == .success(0))
        #expect(integer("-0") == .success(0))
        #expect(integer("9007199254740991", 0...9_007_199_254_740_991) == .success(9_007_199_254_740_991))
        #expect(
            integer("9007199254740992", 0...9_007_199_254_740_991)
                == .failure(JSONError(.integerOutOfRange, at: 0)))
        #expect(integer("9223372036854775807") == .success(.max))
        #expect(integer("-9223372036854775808") == .success(.min))
        #expect(integer("9223372036854775808") == .failure(JSONError(.integerOutOfRange, at: 0)))
        #expect(integer("-9223372036854775809") == .failure(JSONError(.integerOutOfRange, at: 0)))
        #expect(integer("-1", 0...5) == .failure(JSONError(.integerOutOfRange, at: 0)))
        #expect(integer("1.0") == .failure(JSONError(.notAnInteger, at: 0)))
        #expect(integer(" 1e3") == .failure(JSONError(.notAnInteger, at: 1)))
        #expect(integer(#""1""#) == .failure(JSONError(.expected(.number), at: 0)))
        #expect(integer("null") == .failure(JSONError(.expected(.number), at: 0)))
    }

    @Test("a copy made before an error reads on from there")
    func copiesGoOn() throws {
        let bytes = Array(#"{"a":"x"}"#.utf8)
        var reader = JSONReader()
        try reader.beginObject(in: bytes.span)
        _ = try reader.nextKey(in: bytes.span)
        let before = reader
        #expect(throws: JSONError(.expected(.boolean), at: 5)) { _ = try reader.boolean(in: bytes.span) }
        reader = before
        #expect(try reader.string(in: bytes.span) == Array("x".utf8))
        #expect(try reader.nextKey(in: bytes.span) == nil)
    }
}
