import Bytes
import Digest

/// Sixty-four bits of a SHA-1: what is kept of a body once it was compared. For finding differences, not for
/// secrecy.
struct Fingerprint: Hashable {
    /// The first eight bytes of the sum.
    let bits: UInt64

    /// Of some bytes.
    init(_ bytes: Span<UInt8>) {
        let sum = sha1(bytes)
        bits = sum[..<8].reduce(0) { $0 << 8 | UInt64($1) }
    }
}
