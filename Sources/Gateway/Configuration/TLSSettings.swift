import Networking
package import TLS

/// The certificates of this server, and whether clients show theirs.
package struct TLSSettings: Sendable, Hashable {
    /// What the server shows and asks.
    package var server: TLSServerSettings
    /// Where the first certificate was written.
    package var source: SettingSource

    /// Settings of a server.
    package init(_ server: TLSServerSettings, source: SettingSource = .fallback) {
        self.server = server
        self.source = source
    }

    /// Reads the files and forgets them: whether `context` will do.
    package func check() throws(ConfigurationError) { _ = try context(TLSTicketKeys()) }

    /// Reads the files. Throws what the operator must mend.
    func context(_ tickets: TLSTicketKeys) throws(ConfigurationError) -> TLSContext {
        do { return try TLSContext(server: server, tickets: tickets) } catch {
            throw ConfigurationError("\(source): \(error).")
        }
    }

    /// A sentence for each certificate that has ended; `now` is in seconds since 1970.
    func warnings(of context: TLSContext, at now: Int) -> [String] {
        zip(server.certificates, context.ends).filter { $1 <= now }.map { files, _ in
            "the certificate in \(files.certificate) has expired: clients will refuse it"
        }
    }
}

extension Settings {
    /// What the options of TLS say; nil where no certificate is named.
    func tls() throws(ConfigurationError) -> TLSSettings? {
        let (certificates, keys) = (value(of: "tlsCert"), value(of: "tlsKey"))
        guard certificates.values.count == keys.values.count else {
            throw ConfigurationError(
                "\((certificates.values.isEmpty ? keys : certificates).source): there are "
                    + "\(certificates.values.count) of tlsCert and \(keys.values.count) of tlsKey; each "
                    + "certificate needs its private key, in the same order.")
        }
        let authorities = try file("tls.clientCa")
        guard !certificates.values.isEmpty else {
            // An empty list in the file is what `check-config` prints; an empty variable is a slip.
            if case .variable = certificates.source { throw bad(certificates, "the names of files") }
            guard authorities == nil else {
                throw ConfigurationError(
                    "\(value(of: "tls.clientCa").source): clients show certificates over TLS only; "
                        + "give tlsCert and tlsKey too.")
            }
            return nil
        }
        if (certificates.values + keys.values).contains(where: \.isEmpty) {
            throw bad(certificates, "the names of files")
        }
        var server = TLSServerSettings(
            certificates: zip(certificates.values, keys.values).map {
                TLSCertificateFiles(certificate: $0, key: $1)
            })
        server.oldestVersion = try choice("tls.minimumVersion") == "1.3" ? .v13 : .v12
        let isRequired = try choice("tls.clientCertificate") == "required"
        server.clients = authorities.map { TLSClientCheck(authorities: $0, isRequired: isRequired) }
        return TLSSettings(server, source: certificates.source)
    }

    /// Where to listen. What is spoken there stands before the address, or follows from whether there is a
    /// certificate.
    func addresses(hasCertificate: Bool) throws(ConfigurationError) -> [ListenAddress] {
        let setting = value(of: "listen")
        // A server that listens nowhere would look like one that works.
        guard !setting.values.isEmpty else { throw bad(setting, "at least one ADDRESS:PORT") }
        var addresses: [ListenAddress] = []
        for text in setting.values {
            let scheme = ["https://", "http://"].first { text.hasPrefix($0) }
            guard scheme != "https://" || hasCertificate else {
                throw ConfigurationError(
                    "\(setting.source): \(text) needs a certificate; give tlsCert and tlsKey.")
            }
            let address = try listenAddress(text, scheme, setting.source)
            // Both would be bound (SO_REUSEPORT), and chance would say whether a connection is TLS.
            guard address.port == 0 || !addresses.contains(where: { $0.address == address }) else {
                throw ConfigurationError("\(setting.source): \(address) is named twice.")
            }
            let isSecure = scheme.map { $0 == "https://" } ?? hasCertificate
            addresses.append(ListenAddress(address, isSecure: isSecure))
        }
        return addresses
    }

    private func listenAddress(
        _ text: String, _ scheme: String?, _ source: SettingSource
    ) throws(ConfigurationError) -> SocketAddress {
        var place = text.dropFirst(scheme?.count ?? 0)
        if scheme != nil, place.hasSuffix("/") { place = place.dropLast() }
        do { return try SocketAddress(String(place)) } catch {
            throw ConfigurationError("\(source): \(error)")
        }
    }
}
