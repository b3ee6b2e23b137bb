/// The content codings that a peer takes (RFC 9110 §12.5.3), and how gladly.
package struct AcceptEncoding: Sendable, Hashable {
    /// In thousandths, by lower-case name.
    private var qualities: [String: Int] = [:]

    /// Reads the Accept-Encoding field of a request. Members with a malformed weight are overlooked: they
    /// say nothing.
    package init(_ fields: HTTPFields) {
        for member in fields.list("Accept-Encoding") {
            let parts = member.split(separator: ";", maxSplits: 1, omittingEmptySubsequences: false)
            let name = parts[0].trimmingBlanks.lowercased()
            guard let weight = parts.count == 1 ? 1_000 : Self.weight(parts[1].trimmingBlanks) else {
                continue
            }
            qualities[name == "x-gzip" ? "gzip" : name] = weight
        }
    }

    /// Whether gzip is acceptable, and not less so than no coding at all. Without the field it is not: then
    /// any coding would be allowed, but whoever sends none knows none.
    package var prefersGzip: Bool {
        guard let gzip = qualities["gzip"] ?? qualities["*"], gzip > 0 else { return false }
        return gzip >= qualities["identity"] ?? qualities["*"] ?? 0
    }

    /// RFC 9110 §12.4.2: `q=` and a number from 0 to 1 with at most three decimals, in thousandths.
    private static func weight(_ text: Substring) -> Int? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 3, bytes.count <= 7, bytes[0].lowercasedASCII == UInt8(ascii: "q"),
            bytes[1] == UInt8(ascii: "="), bytes[2] == UInt8(ascii: "0") || bytes[2] == UInt8(ascii: "1"),
            bytes.count == 3 || bytes[3] == UInt8(ascii: "."), bytes.dropFirst(4).allSatisfy(\.isDigit)
        else { return nil }
        let decimals = bytes.dropFirst(4)
        let padded = Array(decimals) + Array(repeating: 0x30, count: 3 - decimals.count)
        let value = padded.reduce(Int(bytes[2] - 0x30)) { $0 * 10 + Int($1 - 0x30) }
        return value <= 1_000 ? value : nil
    }
}
