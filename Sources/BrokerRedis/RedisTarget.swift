/// Where Redis is: one server, or several of which one at a time is used, the next when that is gone.
///
/// Written `redis://[user:password@]host[:port][/db]`, several with commas between. What may not stand in a
/// URL is percent-encoded.
package struct RedisTarget: Sendable, Hashable, CustomStringConvertible {
    /// One server.
    package struct Place: Sendable, Hashable, CustomStringConvertible {
        /// A host's name or numeric address, without brackets.
        package var host: String
        /// The port; 6379 where the URL has none.
        package var port: UInt16
        /// Who one is there; nil for Redis's own default user.
        package var user: String?
        /// His password.
        package var password: String?
        /// The number of the database. News do not depend on it: Redis carries them across all.
        package var database: Int

        /// The place as a URL, the password masked.
        package var description: String {
            let credentials = password == nil ? "" : (user ?? "") + ":***@"
            return "redis://\(credentials)\(address)" + (database == 0 ? "" : "/\(database)")
        }

        /// Host and port, as sentences name the place.
        var address: String {
            host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
        }
    }

    /// The servers, at least one, in the order in which they are tried.
    package let places: [Place]

    /// Reads one URL or several.
    package init(_ text: String) throws(RedisTargetError) {
        var places: [Place] = []
        for url in text.split(separator: ",", omittingEmptySubsequences: false) {
            places.append(try Place(url.trimmingSpaces))
        }
        self.places = places
    }

    /// The URLs, passwords masked.
    package var description: String { places.map(\.description).joined(separator: ",") }
}

extension RedisTarget.Place {
    fileprivate init(_ url: Substring) throws(RedisTargetError) {
        let scheme = "redis://"
        if url.hasPrefix("rediss://") { throw RedisTargetError(.wantsTLS) }
        guard url.hasPrefix(scheme) else { throw RedisTargetError(.noRedisURL) }
        var rest = url.dropFirst(scheme.count)
        guard !rest.contains("?"), !rest.contains("#") else { throw RedisTargetError(.hasOptions) }
        database = 0
        if let slash = rest.firstIndex(of: "/") {
            let digits = rest[rest.index(after: slash)...]
            if !digits.isEmpty {
                guard digits.isDecimal, let number = Int(digits) else { throw RedisTargetError(.badDatabase) }
                database = number
            }
            rest = rest[..<slash]
        }
        if let at = rest.lastIndex(of: "@") {
            let credentials = rest[..<at]
            guard let colon = credentials.firstIndex(of: ":") else { throw RedisTargetError(.noPassword) }
            guard let user = credentials[..<colon].percentDecoded,
                let password = credentials[credentials.index(after: colon)...].percentDecoded
            else { throw RedisTargetError(.badEscape) }
            guard !password.isEmpty else { throw RedisTargetError(.noPassword) }
            self.user = user.isEmpty ? nil : user
            self.password = password
            rest = rest[rest.index(after: at)...]
        }
        (host, port) = try Self.hostAndPort(rest)
    }

    private static func hostAndPort(_ text: Substring) throws(RedisTargetError) -> (String, UInt16) {
        var (host, port) = (text, Substring("6379"))
        if text.first == "[" {
            guard let end = text.firstIndex(of: "]") else { throw RedisTargetError(.badHost) }
            host = text[text.index(after: text.startIndex)..<end]
            let after = text[text.index(after: end)...]
            guard after.isEmpty || after.first == ":" else { throw RedisTargetError(.badHost) }
            if !after.isEmpty { port = after.dropFirst() }
        } else if let colon = text.firstIndex(of: ":") {
            host = text[..<colon]
            port = text[text.index(after: colon)...]
        }
        guard !host.isEmpty, host.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw RedisTargetError(.badHost)
        }
        guard port.isDecimal, let number = UInt16(port), number > 0 else { throw RedisTargetError(.badPort) }
        return (String(host), number)
    }
}

/// Why a text is no address of Redis. It never repeats the text: there may be a password in it.
package struct RedisTargetError: Error, Equatable, CustomStringConvertible {
    enum Fault { case noRedisURL, wantsTLS, hasOptions, badDatabase, noPassword, badEscape, badHost, badPort }

    let fault: Fault

    init(_ fault: Fault) { self.fault = fault }

    package var description: String {
        switch fault {
        case .noRedisURL: "write redis://host:port, or several of them with commas between"
        case .wantsTLS:
            "rediss:// is not supported yet: put a TLS tunnel (stunnel, for example) in front of Redis and "
                + "write redis://"
        case .hasOptions: "a redis:// URL has no options: leave away what follows ? or #"
        case .badDatabase: "what follows the / of a redis:// URL is the number of a database"
        case .noPassword: "write redis://user:password@host, or redis://:password@host for the default user"
        case .badEscape: "a % in a user or password is written %25, and every %XX must be UTF-8"
        case .badHost: "a host is a name, an IPv4 address, or an IPv6 address in [ ]"
        case .badPort: "a port is a number from 1 to 65535"
        }
    }
}

extension Substring {
    fileprivate var isDecimal: Bool { !isEmpty && utf8.allSatisfy { (0x30...0x39).contains($0) } }

    fileprivate var trimmingSpaces: Substring {
        var text = self
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return text
    }

    /// The text with every `%XX` resolved; nil where one is malformed or the result is not UTF-8.
    fileprivate var percentDecoded: String? {
        var bytes: [UInt8] = []
        var rest = utf8.makeIterator()
        while let byte = rest.next() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.next(), let low = rest.next(),
                let value = UInt8(String(decoding: [high, low], as: UTF8.self), radix: 16),
                high != UInt8(ascii: "+")
            else { return nil }
            bytes.append(value)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
