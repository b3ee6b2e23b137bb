import Glibc
import Networking

/// One instance under test.
struct Target {
    /// As it was given: `http://127.0.0.1:8080`.
    let url: String
    /// Whether TLS is spoken there.
    let isSecure: Bool
    /// Whom its certificate must be for: a name, or an address without brackets.
    let name: String
    /// For the `Host` field.
    let host: String
    /// Where to connect.
    let address: SocketAddress

    /// Reads `http://HOST[:PORT]` or `https://HOST[:PORT]`. Names are resolved here, once, before anything is
    /// measured.
    init(_ url: String) throws(TargetError) {
        guard let rest = url.dropping("http://") ?? url.dropping("https://") else {
            throw TargetError(url, "begins with neither http:// nor https://")
        }
        var authority = rest[...]
        if authority.last == "/" { authority = authority.dropLast() }
        guard !authority.isEmpty, !authority.contains("/"), !authority.contains("@") else {
            throw TargetError(url, "is not of the form http://HOST:PORT")
        }
        self.url = url
        isSecure = url.hasPrefix("https:")
        host = String(authority)
        // The colons inside of brackets are an address's own.
        let hasPort = authority.last != "]" && authority.contains(":")
        let full = hasPort ? String(authority) : authority + (isSecure ? ":443" : ":80")
        let colon = full.lastIndex(of: ":")!
        name = String(full[..<colon].filter { $0 != "[" && $0 != "]" })
        if let address = try? SocketAddress(full) {
            self.address = address
            return
        }
        let numeric = Self.resolve(String(full[..<colon]))
        guard let numeric, let address = try? SocketAddress(numeric + full[colon...]) else {
            throw TargetError(url, "names no host that can be found, or no port")
        }
        self.address = address
    }

    /// The first address of a name, as `SocketAddress` reads hosts.
    private static func resolve(_ name: String) -> String? {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(name, nil, &hints, &found) == 0, let found else { return nil }
        defer { freeaddrinfo(found) }
        var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        guard
            getnameinfo(
                found.pointee.ai_addr, found.pointee.ai_addrlen, &text, socklen_t(text.count), nil, 0,
                NI_NUMERICHOST) == 0
        else { return nil }
        let host = text.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
        return found.pointee.ai_family == AF_INET6 ? "[\(host)]" : host
    }
}

/// An address that cannot be used.
struct TargetError: Error, CustomStringConvertible {
    /// What to do about it.
    let description: String

    /// That address, and what is wrong with it.
    init(_ url: String, _ fault: String) {
        description = "--url \(url) \(fault); write for example http://127.0.0.1:8080"
    }
}

extension String {
    /// The rest behind `prefix`; nil where it does not begin so.
    func dropping(_ prefix: String) -> String? {
        hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
    }
}
