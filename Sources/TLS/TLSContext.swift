internal import COpenSSL
import Glibc

/// The certificates, keys and rules of one side: what every connection is made from.
///
/// One is shared by all workers: OpenSSL locks what a new connection takes from it, tickets of one worker are
/// good at all others, and a reload makes one new object that is handed round. Connections keep the one they
/// began with.
package final class TLSContext: Sendable {
    // Written by `init` only; OpenSSL's contexts have locks of their own.
    nonisolated(unsafe) let contexts: [OpaquePointer]
    let isServer: Bool
    let tickets: TLSTicketKeys?

    /// A server's side. Throws a sentence about the first file that cannot be used.
    package init(server settings: TLSServerSettings, tickets: TLSTicketKeys) throws(TLSSetupError) {
        OpenSSLErrors.clear()
        var made: [OpaquePointer] = []
        do throws(TLSSetupError) {
            guard !settings.certificates.isEmpty else { throw TLSSetupError("There is no certificate") }
            for files in settings.certificates {
                let context = try Self.make(TLS_server_method())
                made.append(context)
                try Self.use(files, in: context)
                try Self.prepareServer(context, settings)
            }
        } catch {
            for context in made { SSL_CTX_free(context) }
            throw error
        }
        contexts = made
        isServer = true
        self.tickets = tickets
        listenToOpenSSL()
    }

    /// A client's side. Throws a sentence about the first file that cannot be used.
    package init(client settings: TLSClientSettings) throws(TLSSetupError) {
        OpenSSLErrors.clear()
        let context = try Self.make(TLS_client_method())
        do throws(TLSSetupError) {
            try Self.prepareClient(context, settings)
        } catch {
            SSL_CTX_free(context)
            throw error
        }
        contexts = [context]
        isServer = false
        tickets = nil
    }

    deinit { for context in contexts { SSL_CTX_free(context) } }

    /// When the first of the certificates ends, in seconds since 1970.
    package var notAfter: Int { contexts.map(Self.notAfter).min() ?? 0 }

    /// When each certificate ends, in the order they were given, in seconds since 1970.
    package var ends: [Int] { contexts.map(Self.notAfter) }

    private static func notAfter(_ context: OpaquePointer) -> Int {
        guard let certificate = SSL_CTX_get0_certificate(context) else { return 0 }
        var end = tm()
        guard ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &end) == 1 else { return 0 }
        return timegm(&end)
    }

    // MARK: Making

    private static func make(_ method: OpaquePointer?) throws(TLSSetupError) -> OpaquePointer {
        guard let context = SSL_CTX_new(method) else { throw TLSSetupError(complaint("OpenSSL has no TLS")) }
        openssl_release_buffers(context)
        openssl_keep_no_sessions(context)
        _ = openssl_set_oldest(context, TLS1_2_VERSION)
        // RFC 7919 has nothing to offer where ECDHE is known; these two are everybody's.
        _ = openssl_set_groups(context, "X25519:P-256:P-384")
        SSL_CTX_set_cipher_list(context, ciphers)
        return context
    }

    /// For TLS 1.2: forward secret and authenticated. Those of TLS 1.3 all are.
    private static let ciphers = [
        "ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384",
        "ECDHE-RSA-AES256-GCM-SHA384", "ECDHE-ECDSA-CHACHA20-POLY1305", "ECDHE-RSA-CHACHA20-POLY1305",
    ].joined(separator: ":")

    /// The longest chain of certificates that a client may show.
    static let clientChainBytes = 16 * 1024

    private static func prepareServer(
        _ context: OpaquePointer, _ settings: TLSServerSettings
    ) throws(TLSSetupError) {
        SSL_CTX_set_options(context, OPENSSL_SERVER_OPTIONS)
        if settings.oldestVersion == .v13 { _ = openssl_set_oldest(context, TLS1_3_VERSION) }
        SSL_CTX_set_timeout(context, TLSTicketKeys.ticketSeconds)
        // OpenSSL makes room for what a client announces before any of it came.
        openssl_take_certificates_of(context, clientChainBytes)
        try ask(settings.clients, in: context)
    }

    private static func prepareClient(
        _ context: OpaquePointer, _ settings: TLSClientSettings
    ) throws(TLSSetupError) {
        SSL_CTX_set_options(context, OPENSSL_CLIENT_OPTIONS)
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nil)
        if let version = settings.version {
            let number = version == .v12 ? TLS1_2_VERSION : TLS1_3_VERSION
            _ = openssl_set_oldest(context, number)
            openssl_set_newest(context, number)
        }
        if let file = settings.authorities {
            try believe(file, in: context)
        } else {
            SSL_CTX_set_default_verify_paths(context)
        }
        if let files = settings.certificate { try use(files, in: context) }
        // RFC 7301 §3.1: each name behind a byte with its length.
        let names = settings.protocols.flatMap { [UInt8(truncatingIfNeeded: $0.utf8.count)] + Array($0.utf8) }
        SSL_CTX_set_alpn_protos(context, names, UInt32(names.count))
    }
}
