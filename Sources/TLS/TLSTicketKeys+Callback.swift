internal import COpenSSL

/// How OpenSSL asks for ticket keys: SSL_CTX_set_tlsext_ticket_key_evp_cb(3).
extension TLSTicketKeys {
    private enum Answer {
        static let failed: Int32 = -1
        static let unknown: Int32 = 0
        static let use: Int32 = 1
        /// Use it, and give the client a ticket under a newer key.
        static let useAndRenew: Int32 = 2
    }

    /// Prepares the contexts for a ticket that is made (`isNew`) or opened.
    func prepare(
        name: UnsafeMutablePointer<UInt8>, vector: UnsafeMutablePointer<UInt8>, cipher: OpaquePointer,
        authenticator: OpaquePointer, isNew: Bool
    ) -> Int32 {
        let now = Self.now()
        if isNew {
            let key = newest(at: now)
            for (index, byte) in key.name.enumerated() { name[index] = byte }
            guard RAND_bytes(vector, EVP_CIPHER_get_iv_length(EVP_aes_256_cbc())) == 1,
                EVP_EncryptInit_ex(cipher, EVP_aes_256_cbc(), nil, key.cipher, vector) == 1,
                Self.set(key.authenticator, of: authenticator)
            else { return Answer.failed }
            return Answer.use
        }
        let wanted = [UInt8](UnsafeBufferPointer(start: name, count: Self.nameBytes))
        guard let (key, isNewest) = self.key(named: wanted, at: now) else { return Answer.unknown }
        guard EVP_DecryptInit_ex(cipher, EVP_aes_256_cbc(), nil, key.cipher, vector) == 1,
            Self.set(key.authenticator, of: authenticator)
        else { return Answer.failed }
        return isNewest ? Answer.use : Answer.useAndRenew
    }

    private static func set(_ key: [UInt8], of authenticator: OpaquePointer) -> Bool {
        var key = key
        var digest = Array("SHA256".utf8CString)
        return key.withUnsafeMutableBufferPointer { bytes in
            digest.withUnsafeMutableBufferPointer { name in
                // The parameters keep the pointers to their names, so those have to live as long as they do.
                OSSL_MAC_PARAM_KEY.withCString { keyParameter in
                    OSSL_MAC_PARAM_DIGEST.withCString { digestParameter in
                        let parameters = [
                            OSSL_PARAM_construct_octet_string(keyParameter, bytes.baseAddress, bytes.count),
                            OSSL_PARAM_construct_utf8_string(digestParameter, name.baseAddress, 0),
                            OSSL_PARAM_construct_end(),
                        ]
                        return EVP_MAC_CTX_set_params(authenticator, parameters) == 1
                    }
                }
            }
        }
    }
}
