/// The oldest version that is spoken.
package enum TLSVersion: String, Sendable, Hashable {
    /// RFC 5246.
    case v12 = "1.2"
    /// RFC 8446.
    case v13 = "1.3"
}

/// A certificate with those that lead to its root, and its private key: two PEM files.
package struct TLSCertificateFiles: Sendable, Hashable {
    /// The certificate's file.
    package var certificate: String
    /// The key's file.
    package var key: String

    /// A pair of files.
    package init(certificate: String, key: String) {
        self.certificate = certificate
        self.key = key
    }
}

/// Whether clients show certificates, and whose.
package struct TLSClientCheck: Sendable, Hashable {
    /// A PEM file with the authorities that are believed.
    package var authorities: String
    /// Whether a client without a certificate is refused.
    package var isRequired: Bool

    /// A check against these authorities.
    package init(authorities: String, isRequired: Bool) {
        self.authorities = authorities
        self.isRequired = isRequired
    }
}

/// What a server shows and asks.
package struct TLSServerSettings: Sendable, Hashable {
    /// At least one; the first is shown where no other's names fit.
    package var certificates: [TLSCertificateFiles]
    /// The oldest version that is spoken.
    package var oldestVersion: TLSVersion
    /// Nil where clients are not asked for certificates.
    package var clients: TLSClientCheck?

    /// Settings of a server.
    package init(
        certificates: [TLSCertificateFiles], oldestVersion: TLSVersion = .v12, clients: TLSClientCheck? = nil
    ) {
        self.certificates = certificates
        self.oldestVersion = oldestVersion
        self.clients = clients
    }
}

/// What a client believes and shows.
package struct TLSClientSettings: Sendable, Hashable {
    /// A PEM file with the authorities that are believed; nil for those of the system.
    package var authorities: String?
    /// What it shows where it is asked.
    package var certificate: TLSCertificateFiles?
    /// The only version it speaks; nil for the newest that both know.
    package var version: TLSVersion?
    /// What it offers by ALPN (RFC 7301).
    package var protocols: [String]

    /// Settings of a client.
    package init(
        authorities: String? = nil, certificate: TLSCertificateFiles? = nil, version: TLSVersion? = nil,
        protocols: [String] = ["http/1.1"]
    ) {
        self.authorities = authorities
        self.certificate = certificate
        self.version = version
        self.protocols = protocols
    }
}
