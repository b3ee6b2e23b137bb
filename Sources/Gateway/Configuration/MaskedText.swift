/// A text of the configuration as it may be shown: without the passwords in it.
struct MaskedText: CustomStringConvertible {
    let description: String

    /// Errs on the side of hiding: the text may be a URL that is none, in which a password is easily
    /// misplaced.
    init(_ text: String) {
        // Without a scheme it may be anything; what stands before an @ may be a password.
        guard text.contains("://") else {
            let end = text.lastIndex(of: "@") ?? text.startIndex
            description = Self.withoutParameters((end > text.startIndex ? "***" : "") + text[end...])
            return
        }
        var rest = text[...]
        var masked = ""
        while let scheme = rest.firstRange(of: "://") {
            masked += rest[..<scheme.upperBound]
            rest = rest[scheme.upperBound...]
            // The next of several URLs begins with the comma before its scheme.
            let next = rest.firstRange(of: "://").flatMap { scheme in
                rest[..<scheme.lowerBound].lastIndex(of: ",")
            }
            masked += Self.masked(afterScheme: rest[..<(next ?? rest.endIndex)])
            rest = rest[(next ?? rest.endIndex)...]
        }
        description = Self.withoutParameters(masked + rest)
    }

    private static func masked(afterScheme url: Substring) -> String {
        guard let colon = url.firstIndex(of: ":") else { return String(url) }
        if let at = url.lastIndex(of: "@") {
            return colon < at ? url[...colon] + "***" + url[at...] : String(url)
        }
        // `user:password` whose `@host` was forgotten looks like a host and its port.
        if url.hasPrefix("[") { return String(url) }
        let port = url[url.index(after: colon)...].prefix { !"/?#,".contains($0) }
        return port.allSatisfy(\.isNumber) ? String(url) : String(url[...colon]) + "***"
    }

    /// libpq takes `password=` as a parameter too.
    private static func withoutParameters(_ text: String) -> String {
        guard let name = text.firstRange(of: "password=") else { return text }
        let rest = text[name.upperBound...]
        let end = rest.firstIndex(of: "&") ?? rest.endIndex
        return text[..<name.upperBound] + "***" + withoutParameters(String(rest[end...]))
    }
}
