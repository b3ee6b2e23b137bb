internal import COpenSSL

/// SHA-1 of `bytes`, 20 bytes: only for what RFC 6455 §1.3 asks of a handshake, never for secrecy.
package func sha1(_ bytes: Span<UInt8>) -> [UInt8] { digest(bytes, by: EVP_sha1(), length: 20) }

/// SHA-256 of `bytes`, 32 bytes.
package func sha256(_ bytes: Span<UInt8>) -> [UInt8] { digest(bytes, by: EVP_sha256(), length: 32) }

/// HMAC-SHA256 (RFC 2104) of `bytes` under `key`, 32 bytes.
package func hmacSHA256(_ bytes: Span<UInt8>, key: Span<UInt8>) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: 32) { output, written in
        var length: UInt32 = 0
        let result = bytes.withUnsafeBufferPointer { bytes in
            key.withUnsafeBufferPointer { key in
                // HMAC takes a null key for "the key of last time", so an empty one needs an address.
                var none: UInt8 = 0
                return withUnsafePointer(to: &none) { none in
                    HMAC(
                        EVP_sha256(), UnsafeRawPointer(key.baseAddress ?? none), Int32(key.count),
                        bytes.baseAddress, bytes.count, output.baseAddress, &length)
                }
            }
        }
        precondition(result != nil && length == 32, "OpenSSL refused HMAC-SHA256")
        written = 32
    }
}

/// Whether two secrets are the same, in a time that depends only on their length.
package func equalInConstantTime(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
    guard left.count == right.count else { return false }
    guard left.count > 0 else { return true }
    return left.withUnsafeBytes { left in
        right.withUnsafeBytes { right in CRYPTO_memcmp(left.baseAddress, right.baseAddress, left.count) == 0 }
    }
}

private func digest(_ bytes: Span<UInt8>, by algorithm: OpaquePointer?, length: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: length) { output, written in
        var size: UInt32 = 0
        let result = bytes.withUnsafeBufferPointer {
            EVP_Digest($0.baseAddress, $0.count, output.baseAddress, &size, algorithm, nil)
        }
        precondition(result == 1 && Int(size) == length, "OpenSSL refused a digest")
        written = length
    }
}
