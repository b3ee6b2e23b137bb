import Foundation
import HTTP1

extension FuzzTarget {
    /// Query strings, paths, list fields and the codings a peer takes: what a split at each separator makes
    /// of the same text; and what was read, escaped anew, is read as the same.
    package static let query = FuzzTarget(name: "query") { input in
        // A target never holds anything but visible ASCII; field values are any text.
        let target = "/" + String(decoding: input.filter { (0x21...0x7E).contains($0) }, as: UTF8.self)
        let request = HTTPRequest(method: "GET", target: target)
        let parts = split(target, "?", limit: 1)
        checkQuery(request.query, of: parts.count > 1 ? parts[1] : "")
        let segments = split(parts[0], "/").filter { !$0.isEmpty }.map(decoded)
        precondition(same(request.pathSegments, segments.contains(nil) ? nil : segments.map { $0! }), "path")
        precondition(String(request.path) == parts[0], "the path ends at the first question mark")
        checkList(String(decoding: input, as: UTF8.self))
    }

    private static func checkQuery(_ query: HTTPQuery?, of text: String) {
        let pairs = split(text, "&").filter { !$0.isEmpty }.map { pair in
            split(pair, "=", limit: 1).map { decoded($0.replacing("+", with: " ")) }
        }
        let isFine = !pairs.joined().contains(nil)
        precondition((query != nil) == isFine, "another verdict on the query")
        guard let query else { return }
        let expected = pairs.flatMap { [$0[0]!, $0.count > 1 ? $0[1]! : ""] }
        precondition(same(query.items.flatMap { [$0.name, $0.value] }, expected), "another query")
        let again = query.items.map { "\(escaped($0.name))=\(escaped($0.value))" }.joined(separator: "&")
        precondition(HTTPQuery(again[...]) == query, "escaped anew it is another query")
        for item in query.items { precondition(query[item.name] != nil, "a name is not found") }
    }

    private static func checkList(_ text: String) {
        let value = String(text.unicodeScalars.filter { $0 == "\t" || $0.value >= 0x20 })
        let lines = split(value, ";")
        var fields: HTTPFields = [:]
        for line in lines { fields.append("List", line) }
        let expected = lines.flatMap { split($0, ",") }
            .map { trimmed($0) }.filter { !$0.isEmpty }
        precondition(same(fields.list("LIST"), expected), "another list")
        for member in expected {
            precondition(fields.list("list", contains: member), "a member is not found")
        }
        precondition(fields.values(of: "list").count == lines.count, "another number of lines")
        checkCodings(expected)
    }

    /// RFC 9110 §12.4.2 and §12.5.3; what has no weight in its form says nothing.
    private static func checkCodings(_ members: [String]) {
        var weights: [String: Double] = [:]
        for member in members {
            let parts = split(member, ";", limit: 1).map(trimmed)
            let name = parts[0].lowercased() == "x-gzip" ? "gzip" : parts[0].lowercased()
            guard parts.count > 1 else {
                weights[name] = 1
                continue
            }
            let weight = parts[1].wholeMatch(of: /[qQ]=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)/)?.1
            guard let weight, let value = Double(weight.hasSuffix(".") ? weight + "0" : weight) else {
                continue
            }
            weights[name] = value
        }
        var fields: HTTPFields = [:]
        for member in members { fields.append("Accept-Encoding", member) }
        let gzip = weights["gzip"] ?? weights["*"] ?? 0
        let isBest = gzip > 0 && gzip >= weights["identity"] ?? weights["*"] ?? 0
        precondition(AcceptEncoding(fields).prefersGzip == isBest, "another coding is preferred")
    }

    /// Nil where an escape is malformed, the result is no UTF-8, or a NUL is in it. (Foundation's
    /// `removingPercentEncoding` repairs some of what is no UTF-8.)
    private static func decoded(_ text: String) -> String? {
        let parts = split(text, "%").map { Array($0.utf8) }
        var bytes = parts[0]
        for part in parts.dropFirst() {
            let digits = String(decoding: part.prefix(2), as: UTF8.self)
            let isHexadecimal = digits.utf8.count == 2 && digits.allSatisfy(\.isHexDigit)
            guard isHexadecimal, let byte = UInt8(digits, radix: 16) else { return nil }
            bytes.append(byte)
            bytes += part.dropFirst(2)
        }
        return UTF8Oracle.isText(bytes) && !bytes.contains(0) ? String(decoding: bytes, as: UTF8.self) : nil
    }

    private static func escaped(_ text: String) -> String {
        text.utf8.map { "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// Split at this ASCII character, whatever would combine with it.
    private static func split(_ text: String, _ separator: Unicode.Scalar, limit: Int = .max) -> [String] {
        text.unicodeScalars.split(separator: separator, maxSplits: limit, omittingEmptySubsequences: false)
            .map { String(Substring($0)) }
    }

    private static func trimmed(_ text: String) -> String {
        text.trimmingCharacters(in: CharacterSet(charactersIn: " \t"))
    }

    /// Byte for byte: `==` would call two spellings of a letter one.
    private static func same(_ left: [String]?, _ right: [String]?) -> Bool {
        left.map { $0.map { Array($0.utf8) } } == right.map { $0.map { Array($0.utf8) } }
    }
}
