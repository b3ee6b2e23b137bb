internal import COpenSSL

/// What OpenSSL asks a server while a handshake goes on.
extension TLSContext {
    /// The one application protocol behind this door.
    private static let applicationProtocol = Array("http/1.1".utf8)

    /// Has OpenSSL ask about names, protocols and tickets. The pointers to this object live as long as it:
    /// every stream keeps its context.
    func listenToOpenSSL() {
        let myself = Unmanaged.passUnretained(self).toOpaque()
        for context in contexts {
            SSL_CTX_set_ex_data(context, 0, myself)
            SSL_CTX_set_alpn_select_cb(
                context,
                { _, chosen, chosenCount, offered, offeredCount, _ in
                    guard let offered else { return OPENSSL_ALPN_REFUSED }
                    let names = UnsafeBufferPointer(start: offered, count: Int(offeredCount))
                    guard let place = TLSContext.place(in: names) else { return OPENSSL_ALPN_REFUSED }
                    chosen?.pointee = offered + place.lowerBound
                    chosenCount?.pointee = UInt8(place.count)
                    return OPENSSL_ALPN_OK
                }, nil)
            SSL_CTX_set_tlsext_ticket_key_evp_cb(context) { ssl, name, vector, cipher, authenticator, isNew in
                guard let ssl, let name, let vector, let cipher, let authenticator,
                    let tickets = TLSContext.of(ssl)?.tickets
                else { return -1 }
                return tickets.prepare(
                    name: name, vector: vector, cipher: cipher, authenticator: authenticator,
                    isNew: isNew != 0)
            }
        }
        if contexts.count > 1 {
            openssl_on_server_name(
                contexts[0],
                { ssl, _, _ in
                    guard let ssl, let context = TLSContext.of(ssl) else {
                        return OPENSSL_SERVER_NAME_UNKNOWN
                    }
                    return context.show(ssl)
                }, nil)
        }
    }

    private static func of(_ ssl: OpaquePointer) -> TLSContext? {
        guard let context = SSL_get_SSL_CTX(ssl), let pointer = SSL_CTX_get_ex_data(context, 0) else {
            return nil
        }
        return Unmanaged<TLSContext>.fromOpaque(pointer).takeUnretainedValue()
    }

    /// Where our protocol stands in what a client offers: names, each behind a byte with its length.
    static func place(in names: UnsafeBufferPointer<UInt8>) -> Range<Int>? {
        var start = 0
        while start < names.count {
            let name = (start + 1)..<(start + 1 + Int(names[start]))
            guard name.upperBound <= names.count else { return nil }
            if names[name].elementsEqual(applicationProtocol) { return name }
            start = name.upperBound
        }
        return nil
    }

    /// Shows the first certificate that is for the name the client asks for (RFC 6066 §3), else the first.
    private func show(_ ssl: OpaquePointer) -> Int32 {
        guard let name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name) else {
            return OPENSSL_SERVER_NAME_UNKNOWN
        }
        let rules = UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT)
        for context in contexts {
            guard let certificate = SSL_CTX_get0_certificate(context),
                X509_check_host(certificate, name, 0, rules, nil) == 1
            else { continue }
            if context != contexts[0] { SSL_set_SSL_CTX(ssl, context) }
            return OPENSSL_SERVER_NAME_OK
        }
        OpenSSLErrors.clear()
        return OPENSSL_SERVER_NAME_UNKNOWN
    }
}
