internal import COpenSSL

/// SHA-1 of `bytes`, 20 bytes: only for what RFC 6455 §1.3 asks of a handshake, never for secrecy.
package func sha1(_ bytes: Span<UInt8>) -> [UInt8] { digest(bytes, by: EVP_sha1(), length: 20) }

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
