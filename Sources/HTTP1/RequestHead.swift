import Bytes

/// The request line and the field lines of one request, checked line by line as they come. Knows nothing of
/// where a line ends or of bodies, but tells how the body is framed.
struct RequestHead {
    /// How the body is framed (RFC 9112 §6).
    enum Framing: Equatable { case none, length(Int), chunked }

    let method: String
    let target: String
    let version: HTTPRequest.Version
    private(set) var authority: String
    var fields: HTTPFields = [:]

    /// Reads a request line without its line end (RFC 9112 §3).
    init(requestLine line: Span<UInt8>) throws(HTTPError) {
        guard let first = line.firstIndex(of: 0x20), let last = line.lastIndex(of: 0x20), first < last else {
            // HTTP/0.9 had no version, and nothing but GET.
            throw String(text: line).hasPrefix("GET /") ? .unsupportedVersion : .malformedRequestLine
        }
        method = String(text: line.extracting(0..<first))
        guard method.isToken else { throw .malformedRequestLine }
        version = try Self.version(line.extracting((last + 1)..<line.count))
        guard method != "CONNECT" else { throw .methodNotImplemented }

        let target = line.extracting((first + 1)..<last)
        guard target.count > 0, target.allSatisfy(\.isTargetCharacter) else { throw .malformedTarget }
        (self.target, authority) = try Self.originForm(String(text: target), of: method)
    }

    private static func version(_ text: Span<UInt8>) throws(HTTPError) -> HTTPRequest.Version {
        switch String(text: text) {
        case "HTTP/1.1": return .http11
        case "HTTP/1.0": return .http10
        case let other:
            let bytes = Array(other.utf8)
            guard bytes.count == 8, other.hasPrefix("HTTP/"), bytes[5].isDigit, bytes[6] == UInt8(ascii: "."),
                bytes[7].isDigit
            else { throw .malformedRequestLine }
            throw .unsupportedVersion
        }
    }

    /// Path and query, and the authority if the target is a whole address, which every server must understand
    /// (RFC 9112 §3.2.2).
    private static func originForm(
        _ target: String, of method: String
    ) throws(HTTPError) -> (target: String, authority: String) {
        if target.hasPrefix("/") { return (target, "") }
        if target == "*" {
            guard method == "OPTIONS" else { throw .malformedTarget }
            return (target, "")
        }
        for scheme in ["http://", "https://"] where target.prefix(scheme.count).equalsIgnoringCase(scheme) {
            let rest = target.dropFirst(scheme.count)
            let authority = rest.prefix { $0 != "/" && $0 != "?" }
            guard isAuthority(authority.utf8) else { throw .malformedTarget }
            let path = rest.dropFirst(authority.count)
            return (path.hasPrefix("/") ? String(path) : "/" + path, String(authority))
        }
        throw .malformedTarget
    }

    /// Checks one field line without its line end and takes it apart (RFC 9112 §5); trailers pass through
    /// here too.
    static func field(_ line: Span<UInt8>) throws(HTTPError) -> (name: String, value: String) {
        // RFC 9112 §5.2: a line that begins with white space continues the one before. We refuse all of them.
        guard !line[0].isBlank else { throw .foldedField }
        // RFC 9112 §5.1: no white space between name and colon; the token check below sees it.
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > 0,
            line.extracting(0..<colon).allSatisfy(\.isTokenCharacter)
        else { throw .malformedField }
        var start = colon + 1
        var end = line.count
        while start < end, line[start].isBlank { start += 1 }
        while end > start, line[end - 1].isBlank { end -= 1 }
        let value = line.extracting(start..<end)
        guard value.allSatisfy(\.isFieldValueCharacter) else { throw .malformedField }
        return (String(text: line.extracting(0..<colon)), String(text: value))
    }

    /// The header section is complete: what it says about the body, if it contradicts itself nowhere.
    mutating func finish() throws(HTTPError) -> Framing {
        try checkHost()
        let expectations = fields.values(of: "Expect")
        if version == .http11, let first = expectations.first {
            guard expectations.count == 1, first.equalsIgnoringCase("100-continue") else {
                throw .unsupportedExpectation
            }
        }
        let lengths = fields.values(of: "Content-Length")
        let codings = fields.values(of: "Transfer-Encoding")
        if !codings.isEmpty {
            // RFC 9112 §6.1: both of these are how requests are smuggled past a proxy.
            guard version == .http11 else { throw .transferEncodingInOldVersion }
            guard lengths.isEmpty else { throw .lengthAndTransferEncoding }
            try Self.check(codings)
            return .chunked
        }
        guard let length = lengths.first else { return .none }
        guard lengths.count == 1 else { throw .repeatedContentLength }
        guard !length.isEmpty, length.utf8.allSatisfy(\.isDigit) else { throw .malformedContentLength }
        // Digits only, so what does not fit in an Int is merely far too much.
        guard let count = Int(length) else { throw .bodyTooLarge }
        return count == 0 ? .none : .length(count)
    }

    /// RFC 9112 §6.3: where chunked is not the last of all lines, nobody knows where the body ends; §6.1:
    /// it is applied once. An empty member, which lists may have, is some reader's end of the list.
    private static func check(_ lines: [String]) throws(HTTPError) {
        let codings = lines.joined(separator: ",").utf8
            .split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
            .map { Substring($0).trimmingBlanks }
        guard let last = codings.last, last.equalsIgnoringCase("chunked"),
            !codings.dropLast().contains(where: { $0.isEmpty || $0.equalsIgnoringCase("chunked") })
        else { throw .malformedTransferEncoding }
        guard codings.count == 1 else { throw .unsupportedTransferEncoding }
    }

    /// RFC 9110 §6.5.1: what frames, routes, authenticates or modifies a request must be known before its
    /// body. Trailers are dropped here, but a reader before or behind us may merge them.
    static func mayTrail(_ name: String) -> Bool { !untrailing.contains { name.equalsIgnoringCase($0) } }

    private static let untrailing = [
        "Content-Length", "Transfer-Encoding", "Host", "Connection", "Keep-Alive", "Upgrade", "Trailer", "TE",
        "Expect", "Authorization", "Proxy-Authorization", "Cookie", "Content-Type", "Content-Encoding",
        "Content-Range", "Range", "Cache-Control", "Max-Forwards", "If-Match", "If-None-Match",
        "If-Modified-Since", "If-Unmodified-Since", "If-Range", "Origin", "Forwarded", "X-Forwarded-For",
        "X-Forwarded-Proto", "X-Forwarded-Host",
    ]

    /// Whether the peer waits for `100 Continue` before it sends the body (RFC 9110 §10.1.1).
    var expectsContinue: Bool { version == .http11 && fields["Expect"] != nil }

    /// The request, now that its body is there.
    func request(body: [UInt8]) -> HTTPRequest {
        HTTPRequest(
            method: method, target: target, version: version, fields: fields, authority: authority, body: body
        )
    }

    /// RFC 9112 §3.2: exactly one Host field in HTTP/1.1, even beside a whole address, with which it agrees.
    /// §3.2.2 would have us overlook it there; a proxy before us that does not would send the request
    /// somewhere else than we think.
    private mutating func checkHost() throws(HTTPError) {
        let hosts = fields.values(of: "Host")
        guard hosts.count <= 1 else { throw .repeatedHost }
        guard let host = hosts.first else {
            guard version == .http10 else { throw .missingHost }
            return
        }
        guard Self.isAuthority(host.utf8) else { throw .malformedHost }
        if authority.isEmpty { authority = host }
        guard host.equalsIgnoringCase(authority) else { throw .conflictingHost }
    }

    /// Host and optional port; an IPv6 address in brackets.
    private static func isAuthority(_ text: some Collection<UInt8>) -> Bool {
        var host = text[...]
        var port = text[text.endIndex...]
        let bracketed = host.first == UInt8(ascii: "[")
        if bracketed {
            guard let bracket = host.firstIndex(of: UInt8(ascii: "]")) else { return false }
            port = host[host.index(after: bracket)...]
            host = host[host.index(after: host.startIndex)..<bracket]
            guard
                host.allSatisfy({
                    $0.hexDigitValue != nil || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".")
                })
            else { return false }
        } else if let colon = host.firstIndex(of: UInt8(ascii: ":")) {
            port = host[colon...]
            host = host[..<colon]
        }
        guard !host.isEmpty, bracketed || host.allSatisfy(\.isAuthorityCharacter) else {
            return false
        }
        guard !port.isEmpty else { return true }
        let digits = port.dropFirst()
        return port.first == UInt8(ascii: ":") && digits.count <= 5 && digits.allSatisfy(\.isDigit)
            && digits.reduce(0, { $0 * 10 + Int($1 - 0x30) }) <= 65_535
    }
}

extension Span<UInt8> {
    func firstIndex(of byte: UInt8) -> Int? {
        for index in 0..<count where self[index] == byte { return index }
        return nil
    }

    func lastIndex(of byte: UInt8) -> Int? {
        for index in (0..<count).reversed() where self[index] == byte { return index }
        return nil
    }

    func allSatisfy(_ rule: (UInt8) -> Bool) -> Bool {
        for index in 0..<count where !rule(self[index]) { return false }
        return true
    }
}

extension String {
    /// The bytes as text, what is no UTF-8 replaced by U+FFFD.
    init(text bytes: Span<UInt8>) { self = String(decoding: [UInt8](bytes), as: UTF8.self) }
}
