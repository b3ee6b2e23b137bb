import Foundation
import HTTP1

/// One request's bytes as RFC 9112 lays them out, read all at once and without mercy. Two readers that differ
/// here could be played off against each other, so what the parser accepts must be what this one sees.
struct NaiveRequest {
    private let method: [UInt8]
    private let target: [UInt8]
    private let version: [UInt8]
    private let fields: [(name: String, value: [UInt8])]
    private let rest: [UInt8]

    /// Takes an accepted request's bytes apart.
    init(_ bytes: [UInt8]) {
        // RFC 9112 §2.2: one empty line before the request is overlooked.
        let bytes = bytes.starts(with: [13, 10]) ? Array(bytes.dropFirst(2)) : bytes
        var (lines, rest) = Self.lines(bytes)
        let words = lines.removeFirst().split(separator: 0x20, omittingEmptySubsequences: false)
        precondition(words.count == 3, "a request line is three words")
        (method, target, version) = (Array(words[0]), Array(words[1]), Array(words[2]))
        precondition(target.allSatisfy { (0x21...0x7E).contains($0) }, "a target is visible ASCII")
        fields = lines.map(Self.field)
        if Self.values("transfer-encoding", in: fields).isEmpty == false { rest = Self.unchunked(rest) }
        self.rest = rest
    }

    /// Whether that is the same request.
    func check(_ request: HTTPRequest) {
        precondition(Array(request.method.utf8) == method, "another method")
        precondition(version == Array("HTTP/1.\(request.version == .http11 ? 1 : 0)".utf8), "another version")
        let isOrigin = target.first == UInt8(ascii: "/") || target == [UInt8(ascii: "*")]
        precondition(
            isOrigin ? Array(request.target.utf8) == target : request.target.hasPrefix("/"), "another target")
        precondition(request.fields.count == fields.count, "another number of fields")
        for (field, mine) in zip(request.fields.all, fields) {
            precondition(field.name.lowercased() == mine.name, "another field")
            precondition(field.value == String(decoding: mine.value, as: UTF8.self), "another value")
        }
        let hosts = values("host")
        precondition(hosts.count == 1 || (hosts.isEmpty && request.version == .http10), "one Host")
        precondition(request.body == rest, "another body")
        let (codings, lengths) = (values("transfer-encoding"), values("content-length"))
        precondition(lengths.count + codings.count <= 1, "the body's end is told twice")
        if let coding = codings.first {
            precondition(String(decoding: coding, as: UTF8.self).lowercased() == "chunked", "a coding")
            precondition(request.version == .http11, "a coding in HTTP/1.0")
        } else {
            let length = lengths.first.map { String(decoding: $0, as: UTF8.self) } ?? "0"
            precondition(length.utf8.allSatisfy { (0x30...0x39).contains($0) }, "a length in digits")
            precondition(Int(length) == rest.count, "a length that is not the body's")
        }
    }

    private func values(_ name: String) -> [[UInt8]] { Self.values(name, in: fields) }

    private static func values(_ name: String, in fields: [(name: String, value: [UInt8])]) -> [[UInt8]] {
        fields.filter { $0.name == name }.map(\.value)
    }

    /// The lines up to the empty one, and what follows it.
    private static func lines(_ bytes: [UInt8]) -> ([[UInt8]], rest: [UInt8]) {
        var lines: [[UInt8]] = []
        var line: [UInt8] = []
        for (index, byte) in bytes.enumerated() {
            guard byte == 10 else {
                line.append(byte)
                continue
            }
            precondition(line.popLast() == 13, "a line ends with CR and LF")
            if line.isEmpty { return (lines, Array(bytes[(index + 1)...])) }
            precondition(line.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 9 }, "a control byte in a line")
            lines.append(line)
            line = []
        }
        preconditionFailure("a section without its empty line")
    }

    private static func field(_ line: [UInt8]) -> (name: String, value: [UInt8]) {
        let name = line.prefix { $0 != UInt8(ascii: ":") }
        let marks = Array("!#$%&'*+-.^_`|~".utf8)
        precondition(!name.isEmpty && name.count < line.count, "a field has a name and a colon")
        for byte in name {
            let scalar = Unicode.Scalar(byte)
            precondition(
                byte < 0x80 && (scalar.properties.isAlphabetic || (0x30...0x39).contains(byte))
                    || marks.contains(byte), "a name is a token")
        }
        var value = line.dropFirst(name.count + 1)
        while value.first == 0x20 || value.first == 9 { value.removeFirst() }
        while value.last == 0x20 || value.last == 9 { value.removeLast() }
        return (String(decoding: name, as: UTF8.self).lowercased(), Array(value))
    }

    /// RFC 9112 §7.1.
    private static func unchunked(_ bytes: [UInt8]) -> [UInt8] {
        var body: [UInt8] = []
        var rest = bytes[...]
        while true {
            let line = rest.prefix { $0 != 13 }
            rest = rest.dropFirst(line.count)
            precondition(rest.starts(with: [13, 10]), "a chunk's size ends its line")
            rest = rest.dropFirst(2)
            let digits = String(decoding: line.prefix { $0 != UInt8(ascii: ";") }, as: UTF8.self)
            guard let size = Int(digits, radix: 16), !digits.hasPrefix("+"), !digits.hasPrefix("-") else {
                preconditionFailure("a chunk's size is hexadecimal")
            }
            if size == 0 { break }
            body += rest.prefix(size)
            rest = rest.dropFirst(size)
            precondition(rest.starts(with: [13, 10]), "a chunk ends with CR and LF")
            rest = rest.dropFirst(2)
        }
        let trailers = lines(Array(rest))
        precondition(trailers.rest.isEmpty, "bytes behind the trailers")
        for line in trailers.0 { _ = field(line) }
        return body
    }
}
