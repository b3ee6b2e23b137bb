/// A Swift file, as written and as code only: comments and the insides of string literals blanked out, line
/// for line and byte for byte, so that a rule about code does not fire on prose.
struct SwiftText {
    /// From the root of the repository.
    let path: String
    /// As written.
    let lines: [String]
    /// The same lines without comments and literals; what stands in an interpolation is code.
    let code: [String]
    /// The words and signs of the code.
    let tokens: [Token]

    init(path: String, text: String) {
        self.path = path
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        var mask = CodeMask(Array(text.utf8))
        let masked = mask.run()
        code = masked.split(separator: 0x0A, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        tokens = Token.all(in: masked)
    }

    /// How many lines an editor shows: a final line feed begins none.
    var lineCount: Int { lines.last == "" ? lines.count - 1 : lines.count }

    /// The file's name without folder and `.swift`.
    var name: String { String((path.split(separator: "/").last ?? "").dropLast(".swift".count)) }

    /// The folder below Sources: the module.
    var module: String {
        let parts = path.split(separator: "/")
        return parts.count > 1 ? String(parts[1]) : ""
    }

    /// The lines, from 1, whose code has `pattern` as whole words: `print(` is not in `debugPrint(`, nor in
    /// `page.print(`, which is somebody else's.
    func lines(with pattern: String) -> [Int] {
        code.indices.filter { code[$0].hasWords(pattern) }.map { $0 + 1 }
    }
}

/// One word or sign of code.
struct Token {
    var text: String
    /// From 1.
    var line: Int

    static func all(in code: [UInt8]) -> [Token] {
        var tokens: [Token] = []
        var line = 1
        var index = 0
        while index < code.count {
            let byte = code[index]
            if byte.isWordByte {
                var end = index + 1
                while end < code.count, code[end].isWordByte { end += 1 }
                tokens.append(Token(text: String(decoding: code[index..<end], as: UTF8.self), line: line))
                index = end
                continue
            }
            if byte == 0x0A { line += 1 }
            if byte > 0x20 { tokens.append(Token(text: String(UnicodeScalar(byte)), line: line)) }
            index += 1
        }
        return tokens
    }
}

extension UInt8 {
    /// Part of an identifier, an attribute or a directive.
    var isWordByte: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "@"), UInt8(ascii: "#"),
            0x80...:
            true
        default: false
        }
    }
}

extension String {
    /// Whether `pattern` stands here, not as a part of a longer word and not as a member after a dot.
    func hasWords(_ pattern: String) -> Bool {
        let text = Array(utf8)
        let wanted = Array(pattern.utf8)
        guard let first = wanted.first, let last = wanted.last, text.count >= wanted.count else {
            return false
        }
        for start in 0...(text.count - wanted.count) where text[start] == first {
            guard text[start..<(start + wanted.count)].elementsEqual(wanted) else { continue }
            if first.isWordByte, start > 0 {
                let before = text[start - 1]
                if before.isWordByte || before == UInt8(ascii: ".") { continue }
            }
            let end = start + wanted.count
            if last.isWordByte, end < text.count, text[end].isWordByte { continue }
            return true
        }
        return false
    }
}
