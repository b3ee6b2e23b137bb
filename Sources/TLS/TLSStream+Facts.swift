internal import COpenSSL

/// What was agreed on.
extension TLSStream {
    /// `TLSv1.3`, as OpenSSL calls it.
    package var version: String { String(cString: SSL_get_version(ssl)) }

    /// Whether it goes on with an earlier connection's session.
    package var isResumed: Bool { SSL_session_reused(ssl) == 1 }

    /// The protocol chosen by ALPN (RFC 7301), if one was.
    package var applicationProtocol: String? {
        var name: UnsafePointer<UInt8>?
        var count: UInt32 = 0
        SSL_get0_alpn_selected(ssl, &name, &count)
        guard let name else { return nil }
        return String(decoding: UnsafeBufferPointer(start: name, count: Int(count)), as: UTF8.self)
    }

    /// What a later connection can begin with. A server of TLS 1.3 gives it after the handshake, so ask once
    /// something came.
    package var session: TLSSession? { SSL_get1_session(ssl).map(TLSSession.init) }
}

/// What a client kept of a connection, to begin the next one with. Confined to its loop's thread.
package final class TLSSession {
    let pointer: OpaquePointer

    init(_ pointer: OpaquePointer) { self.pointer = pointer }

    deinit { SSL_SESSION_free(pointer) }

    /// Whether it holds enough to be resumed.
    package var isResumable: Bool { SSL_SESSION_is_resumable(pointer) == 1 }
}
