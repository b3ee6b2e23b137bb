internal import COpenSSL

/// HMAC-SHA256 (RFC 2104) under one key, for one message after the other: the key is prepared once.
///
/// Confined to one thread.
package final class MessageAuthenticator {
    /// The length of a whole code, in bytes.
    package static let codeBytes = 32

    private let context: OpaquePointer

    /// Codes under `key`, of any length.
    package init(key: [UInt8]) {
        let algorithm = EVP_MAC_fetch(nil, "HMAC", nil)
        guard let context = EVP_MAC_CTX_new(algorithm) else { preconditionFailure("OpenSSL has no HMAC") }
        EVP_MAC_free(algorithm)
        self.context = context
        var digest = Array("SHA256".utf8CString)
        // OpenSSL takes "no key given" from a null pointer, and an empty array may have none.
        let padded = key.isEmpty ? [0] : key
        digest.withUnsafeMutableBufferPointer { name in
            // The parameters keep the pointer to their name, so it has to live as long as they do.
            OSSL_MAC_PARAM_DIGEST.withCString { parameter in
                var parameters = [
                    OSSL_PARAM_construct_utf8_string(parameter, name.baseAddress, 0),
                    OSSL_PARAM_construct_end(),
                ]
                let result = EVP_MAC_init(context, padded, key.count, &parameters)
                precondition(result == 1, "OpenSSL refused an HMAC key")
            }
        }
    }

    deinit { EVP_MAC_CTX_free(context) }

    /// Adds `bytes` to the present message.
    package func add(_ bytes: Span<UInt8>) {
        let result = bytes.withUnsafeBufferPointer { EVP_MAC_update(context, $0.baseAddress, $0.count) }
        precondition(result == 1, "OpenSSL refused a message")
    }

    /// The message's code, 32 bytes; what is added next begins another message.
    package func finish() -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Self.codeBytes) { output, written in
            let result = EVP_MAC_final(context, output.baseAddress, &written, Self.codeBytes)
            precondition(result == 1 && written == Self.codeBytes, "OpenSSL refused an HMAC")
            let again = EVP_MAC_init(context, nil, 0, nil)
            precondition(again == 1, "OpenSSL refused to begin another message")
        }
    }
}

/// Whether both hold the same bytes, in a time that does not tell where they differ: for what must not be
/// guessed. Different lengths are told at once.
package func isEqualInConstantTime(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
    guard left.count == right.count else { return false }
    return left.withUnsafeBufferPointer { left in
        right.withUnsafeBufferPointer { CRYPTO_memcmp(left.baseAddress, $0.baseAddress, left.count) == 0 }
    }
}
