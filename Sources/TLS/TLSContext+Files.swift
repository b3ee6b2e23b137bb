internal import COpenSSL
import Glibc

/// Files into contexts.
extension TLSContext {
    /// `what`, and OpenSSL's reason where it gives one.
    static func complaint(_ what: String) -> String {
        OpenSSLErrors.takeReason().map { "\(what) (\($0))" } ?? what
    }

    /// Takes a certificate with its chain, and its key.
    static func use(_ files: TLSCertificateFiles, in context: OpaquePointer) throws(TLSSetupError) {
        try checkReadable(files.certificate, "certificate")
        try checkReadable(files.key, "private key")
        // A key that is encrypted must not make OpenSSL ask the terminal.
        SSL_CTX_set_default_passwd_cb(context) { _, _, _, _ in -1 }
        guard SSL_CTX_use_certificate_chain_file(context, files.certificate) == 1 else {
            throw TLSSetupError(unusable(files.certificate, "certificate"))
        }
        // Another one of the same chain's directory may have been put there by a renewal that is under way.
        guard SSL_CTX_use_PrivateKey_file(context, files.key, SSL_FILETYPE_PEM) == 1 else {
            if mismatches(context, files.key) {
                throw TLSSetupError(
                    "The private key in \(files.key) is not that of the certificate in \(files.certificate)")
            }
            throw TLSSetupError(unusable(files.key, "private key"))
        }
        guard SSL_CTX_check_private_key(context) == 1 else {
            throw TLSSetupError(
                complaint(
                    "The private key in \(files.key) is not that of the certificate in \(files.certificate)"))
        }
    }

    /// Whether OpenSSL's complaint is that the key is another certificate's.
    private static func mismatches(_ context: OpaquePointer, _ key: String) -> Bool {
        openssl_is_key_mismatch(ERR_peek_last_error()) != 0
    }

    /// Believes the authorities in `file`.
    static func believe(_ file: String, in context: OpaquePointer) throws(TLSSetupError) {
        try checkReadable(file, "authorities")
        guard SSL_CTX_load_verify_file(context, file) == 1 else {
            throw TLSSetupError(unusable(file, "certificate"))
        }
    }

    /// Asks clients for certificates.
    static func ask(_ check: TLSClientCheck?, in context: OpaquePointer) throws(TLSSetupError) {
        guard let check else { return }
        try believe(check.authorities, in: context)
        SSL_CTX_set_client_CA_list(context, SSL_load_client_CA_file(check.authorities))
        // An invalid certificate is refused in either case: SSL_CTX_set_verify(3).
        let required = check.isRequired ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER | required, nil)
        try tieTickets(to: check, in: context)
    }

    /// A ticket proves that its client was let in once. Where other authorities are believed now, it is to
    /// prove nothing: sessions belong to what was asked when they began.
    private static func tieTickets(to check: TLSClientCheck, in context: OpaquePointer) throws(TLSSetupError)
    {
        guard var text = contents(of: check.authorities) else {
            throw TLSSetupError("The authorities in \(check.authorities) cannot be read")
        }
        text.append(check.isRequired ? 1 : 0)
        var digest = [UInt8](repeating: 0, count: 32)
        guard EVP_Digest(text, text.count, &digest, nil, EVP_sha256(), nil) == 1,
            SSL_CTX_set_session_id_context(context, digest, UInt32(digest.count)) == 1
        else { throw TLSSetupError(complaint("OpenSSL refused the name of a session")) }
    }

    private static func checkReadable(_ file: String, _ what: String) throws(TLSSetupError) {
        let descriptor = open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw TLSSetupError("The \(what) in \(file) cannot be read: \(String(cString: strerror(errno)))")
        }
        close(descriptor)
    }

    private static func unusable(_ file: String, _ what: String) -> String {
        if openssl_is_not_pem(ERR_peek_error()) != 0 {
            OpenSSLErrors.clear()
            return "\(file) holds no \(what) in the PEM format"
        }
        return complaint("The \(what) in \(file) cannot be used")
    }

    private static func contents(of file: String) -> [UInt8]? {
        let descriptor = open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var contents: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(descriptor, &piece, piece.count)
            if count < 0 { return nil }
            if count == 0 { return contents }
            contents += piece[..<count]
        }
    }
}
