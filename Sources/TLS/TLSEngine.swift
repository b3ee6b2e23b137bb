internal import COpenSSL

/// What all TLS connections of a loop share, so that an idle one owns no buffer: a place to decrypt to, one
/// to gather plaintext in, and the BIO by which OpenSSL reads and writes.
///
/// Confined to its loop's thread. The BIO serves whichever stream calls OpenSSL at the moment.
package final class TLSEngine {
    /// A record holds at most that much plaintext (RFC 8446 §5.1).
    static let recordBytes = 16_384
    /// Several records of one turn reach the delegate together.
    static let plainBytes = 4 * recordBytes

    /// Where records are decrypted to.
    let plain = UnsafeMutablePointer<UInt8>.allocate(capacity: plainBytes)
    /// Where the plaintext of a record to be is gathered.
    let gathered = UnsafeMutablePointer<UInt8>.allocate(capacity: recordBytes)
    /// Whose bytes OpenSSL reads and writes: set before every call of it.
    unowned(unsafe) var current: TLSStream?

    private let method: OpaquePointer
    private let port: OpaquePointer

    /// An engine for the streams of one loop.
    package init() {
        guard let method = BIO_meth_new(OPENSSL_BIO_TYPE, "parley"), let port = Self.makePort(method) else {
            preconditionFailure("OpenSSL has no memory for a BIO")
        }
        self.method = method
        self.port = port
        BIO_set_data(port, Unmanaged.passUnretained(self).toOpaque())
        BIO_set_init(port, 1)
    }

    deinit {
        BIO_free(port)
        BIO_meth_free(method)
        plain.deallocate()
        gathered.deallocate()
    }

    /// Lets `ssl` read and write by way of this engine.
    func connect(_ ssl: OpaquePointer) {
        // SSL_set_bio(3): one reference is taken where both are the same.
        BIO_up_ref(port)
        SSL_set_bio(ssl, port, port)
    }

    private static func makePort(_ method: OpaquePointer) -> OpaquePointer? {
        BIO_meth_set_read(method) { bio, target, count in
            guard let bio, let target, let stream = TLSEngine.of(bio)?.current else { return -1 }
            openssl_clear_retry(bio)
            let read = stream.readWire(into: target, atMost: Int(count))
            if read == 0 {
                openssl_retry_read(bio)
                return -1
            }
            return Int32(read)
        }
        BIO_meth_set_write(method) { bio, source, count in
            guard let bio, let source, let stream = TLSEngine.of(bio)?.current else { return -1 }
            openssl_clear_retry(bio)
            stream.writeWire(source, Int(count))
            return count
        }
        BIO_meth_set_ctrl(method) { _, command, _, _ in command == BIO_CTRL_FLUSH ? 1 : 0 }
        return BIO_new(method)
    }

    private static func of(_ bio: OpaquePointer) -> TLSEngine? {
        BIO_get_data(bio).map { Unmanaged<TLSEngine>.fromOpaque($0).takeUnretainedValue() }
    }
}
