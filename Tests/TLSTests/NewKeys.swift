internal import COpenSSL

@testable import TLS

extension TLSStream {
    /// The next record asks the peer for new keys (RFC 8446 §4.6.3).
    func askForNewKeys() { SSL_key_update(ssl, SSL_KEY_UPDATE_REQUESTED) }

    /// The next handshake of TLS 1.2 on the same connection, which our servers refuse.
    func askForRenegotiation() { SSL_renegotiate(ssl) }
}

extension TLSContext {
    /// Lets in whose certificate has ended.
    func forgetTime() {
        for context in contexts {
            X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(context), UInt(X509_V_FLAG_NO_CHECK_TIME))
        }
    }
}
