internal import CLibpq

/// Where the database is and who we are there: `postgres://user:password@host:port/database?sslmode=require`,
/// also `postgresql://`. What libpq knows as a parameter may follow the question mark; several hosts are
/// separated by commas and tried in turn.
package struct PostgresTarget: Sendable, Hashable, CustomStringConvertible {
    private static let secrets: Set<String> = ["password", "sslpassword", "passfile"]

    /// libpq's parameters, those the address names and no others.
    let parameters: [String: String]

    /// Reads an address.
    package init(_ url: String) throws(PostgresTargetError) {
        guard url.hasPrefix("postgres://") || url.hasPrefix("postgresql://") else {
            throw PostgresTargetError(
                description: "This is no address of a Postgres archive: "
                    + "write postgres://user:password@host:5432/database.")
        }
        guard !Self.isAmbiguous(url) else {
            throw PostgresTargetError(
                description: "The Postgres address is malformed before the @: write special characters of a "
                    + "user or password as %2F (/), %40 (@), %3F (?), %23 (#).")
        }
        var complaint: UnsafeMutablePointer<CChar>?
        guard let options = PQconninfoParse(url, &complaint) else {
            let reason = complaint.map { String(cString: $0) } ?? "out of memory"
            PQfreemem(complaint)
            throw PostgresTargetError(description: Self.sentence(reason, url))
        }
        defer { PQconninfoFree(options) }
        var parameters: [String: String] = [:]
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val, value[0] != 0 {
                parameters[String(cString: keyword)] = String(cString: value)
            }
            option += 1
        }
        self.parameters = parameters
        guard parameters["hostaddr"] == nil else {
            throw PostgresTargetError(
                description: "\(self) names a hostaddr: write the numeric address as the host.")
        }
        let (hosts, ports) = (parameters.list("host"), parameters.list("port"))
        guard ports.count <= 1 || ports.count == max(hosts.count, 1) else {
            throw PostgresTargetError(
                description:
                    "\(self) names \(hosts.count) hosts and \(ports.count) ports: write one for each.")
        }
        for port in ports where !port.isEmpty && (UInt16(port) ?? 0) == 0 {
            throw PostgresTargetError(
                description: "\(self) names the port \"\(port)\": write a number from 1 to 65535.")
        }
    }

    /// The hosts to try, in order; a folder is a Unix socket's. One of nil where the address names none:
    /// libpq's default.
    var hosts: [(name: String?, port: UInt16)] {
        let (names, ports) = (parameters.list("host"), parameters.list("port"))
        func port(_ index: Int) -> UInt16 {
            let text = ports.count > 1 ? ports[index] : ports.first ?? ""
            return UInt16(text) ?? 5432
        }
        if names.isEmpty { return [(nil, port(0))] }
        return names.enumerated().map { ($1.isEmpty ? nil : $1, port($0)) }
    }

    /// The address again, its password replaced by `***`.
    package var description: String {
        var text = "postgres://"
        if let user = parameters["user"] {
            text += user + (parameters["password"] == nil ? "" : ":***") + "@"
        }
        text += hosts.map { ($0.name ?? "") + ($0.port == 5432 ? "" : ":\($0.port)") }.joined(separator: ",")
        text += "/" + (parameters["dbname"] ?? "")
        let named: Set<String> = ["user", "host", "port", "dbname"]
        let others = parameters.filter { !named.contains($0.key) && !Self.secrets.contains($0.key) }
        let query = others.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        return text + (query.isEmpty ? "" : "?" + query.joined(separator: "&"))
    }

    /// Whether a `/`, `?` or second `@` before the host makes libpq take a part of the password for a host, a
    /// port or a database.
    private static func isAmbiguous(_ url: String) -> Bool {
        let rest = url.drop { $0 != ":" }.dropFirst(3)
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let path = rest.dropFirst(authority.count).prefix { $0 != "?" }
        let query = rest.dropFirst(authority.count + path.count)
        let ats = authority.count { $0 == "@" }
        return ats > 1 || path.contains("@") || rest.contains("#") || ats == 0 && query.contains("@")
    }

    /// libpq's reason without what stands before the host: it may quote a part of the password.
    private static func sentence(_ reason: String, _ url: String) -> String {
        let example = "write postgres://user:password@host:5432/database, special characters as %40"
        let authority = url.drop { $0 != ":" }.dropFirst(3)
        guard let at = authority.lastIndex(of: "@"), !reason.isEmpty else {
            return "The Postgres address is malformed (\(reason.firstLine)): \(example)."
        }
        let parts = authority[..<at].split(separator: ":").flatMap { $0.split(separator: "@") }
        if parts.contains(where: { reason.contains($0) }) {
            return "The Postgres address is malformed before the @: \(example)."
        }
        return "The Postgres address is malformed (\(reason.firstLine)): \(example)."
    }
}

extension [String: String] {
    /// What a parameter lists, separated by commas; empty where it is not there.
    fileprivate func list(_ name: String) -> [String] {
        self[name].map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) } ?? []
    }
}

extension String {
    /// Up to the first line's end.
    var firstLine: Substring { prefix { $0 != "\n" } }
}
