internal import COpenSSL

@testable import TLS

extension TLSStream {
    /// The next record asks the peer for new keys (RFC 8446 §4.6.3).
    func askForNewKeys() { SSL_key_update(ssl, SSL_KEY_UPDATE_REQUESTED) }

    /// The next handshake of TLS 1.2 on the same connection, which our servers refuse.
    func askForRenegotiation() { SSL_renegotiate(ssl) }
}
