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
        SSL_CTX_set_default_passwd_cb(context) { _, _, _, isAsked in
            isAsked?.assumingMemoryBound(to: Bool.self).pointee = true
            return -1
        }
        guard SSL_CTX_use_certificate_chain_file(context, files.certificate) == 1 else {
            throw TLSSetupError(unusable(files.certificate, "certificate"))
        }
        // Another one of the same chain's directory may have been put there by a renewal that is under way.
        var isEncrypted = false
        let result = withUnsafeMutablePointer(to: &isEncrypted) { isAsked in
            SSL_CTX_set_default_passwd_cb_userdata(context, isAsked)
            defer { SSL_CTX_set_default_passwd_cb_userdata(context, nil) }
            return SSL_CTX_use_PrivateKey_file(context, files.key, SSL_FILETYPE_PEM)
        }
        guard result == 1 else {
            if isEncrypted {
                OpenSSLErrors.clear()
                throw TLSSetupError(
                    "The private key in \(files.key) is encrypted; take the passphrase off it")
            }
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
        // Who resumes shows no certificate: that of the session must still be valid, or it is asked for anew.
        SSL_CTX_set_session_ticket_cb(
            context, nil,
            { _, session, _, _, status, _ in
                guard status == SSL_TICKET_SUCCESS || status == SSL_TICKET_SUCCESS_RENEW else {
                    return SSL_TICKET_RETURN_IGNORE_RENEW
                }
                if let session, let certificate = SSL_SESSION_get0_peer(session),
                    X509_cmp_current_time(X509_get0_notAfter(certificate)) != 1
                {
                    return SSL_TICKET_RETURN_IGNORE_RENEW
                }
                return status == SSL_TICKET_SUCCESS ? SSL_TICKET_RETURN_USE : SSL_TICKET_RETURN_USE_RENEW
            }, nil)
    }

    /// A ticket proves that its client was let in once. Where other authorities are believed now, it is to
    /// prove nothing: sessions belong to what was asked when they began.
    private static func tieTickets(to check: TLSClientCheck, in context: OpaquePointer) throws(TLSSetupError)
    {
        guard var text = contents(of: try opened(check.authorities, "authorities")) else {
            throw TLSSetupError("The authorities in \(check.authorities) cannot be read")
        }
        text.append(check.isRequired ? 1 : 0)
        var digest = [UInt8](repeating: 0, count: 32)
        guard EVP_Digest(text, text.count, &digest, nil, EVP_sha256(), nil) == 1,
            SSL_CTX_set_session_id_context(context, digest, UInt32(digest.count)) == 1
        else { throw TLSSetupError(complaint("OpenSSL refused the name of a session")) }
    }

    /// Opens a plain file, or says why not. A pipe is not waited for: nobody may ever write to it, and SIGHUP
    /// is heard by the thread that reads here.
    private static func opened(_ file: String, _ what: String) throws(TLSSetupError) -> Int32 {
        let descriptor = open(file, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw TLSSetupError("The \(what) in \(file) cannot be read: \(String(cString: strerror(errno)))")
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw TLSSetupError("The \(what) in \(file) cannot be read: it is no plain file")
        }
        return descriptor
    }

    private static func checkReadable(_ file: String, _ what: String) throws(TLSSetupError) {
        close(try opened(file, what))
    }

    private static func unusable(_ file: String, _ what: String) -> String {
        if openssl_is_not_pem(ERR_peek_error()) != 0 {
            OpenSSLErrors.clear()
            return "\(file) holds no \(what) in the PEM format"
        }
        return complaint("The \(what) in \(file) cannot be used")
    }

    /// Reads to the end and closes; nil where that fails.
    private static func contents(of descriptor: Int32) -> [UInt8]? {
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
