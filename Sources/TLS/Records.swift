/// The outside of records, RFC 8446 §5.1: a byte that says what, two of a version, two of a length.
enum Records {
    static let headerBytes = 5
    static let handshake: UInt8 = 22
    /// RFC 5246 §6.2.3: no record of any version is longer.
    private static let mostBytes = 16_384 + 2_048

    /// How many bytes from the front are whole records. OpenSSL is handed these only, so that it keeps no
    /// buffer of 17 KiB for a record that comes slowly. One that is too long counts as whole: OpenSSL refuses
    /// it by its header.
    static func wholeBytes(of bytes: Span<UInt8>) -> Int {
        var whole = 0
        while bytes.count - whole >= headerBytes {
            let length = payloadBytes(bytes, at: whole)
            if length > mostBytes { return bytes.count }
            guard bytes.count - whole >= headerBytes + length else { break }
            whole += headerBytes + length
        }
        return whole
    }

    /// The payload's length, as the header at `start` tells it.
    static func payloadBytes(_ bytes: Span<UInt8>, at start: Int) -> Int {
        Int(bytes[start + 3]) << 8 | Int(bytes[start + 4])
    }
}

/// Refuses greetings that would make OpenSSL take much memory: it makes room for as many bytes as the first
/// four of a message announce, up to 128 KiB, before they come.
struct GreetingGuard {
    /// Browsers send 2 KiB at most.
    static let mostBytes = 16_384

    private var header: [UInt8] = []
    /// Bytes of the present message still to come.
    private var rest = 0

    /// Looks at whole records before OpenSSL does; false where one begins a message that is too long.
    mutating func admits(_ records: Span<UInt8>) -> Bool {
        var start = 0
        while records.count - start >= Records.headerBytes {
            let payload = start + Records.headerBytes
            let end = min(payload + Records.payloadBytes(records, at: start), records.count)
            if records[start] == Records.handshake, !admits(records, payload..<end) { return false }
            start = end
        }
        return true
    }

    private mutating func admits(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        var start = range.lowerBound
        while start < range.upperBound {
            if rest > 0 {
                let count = min(rest, range.upperBound - start)
                rest -= count
                start += count
                continue
            }
            header.append(bytes[start])
            start += 1
            guard header.count == 4 else { continue }
            rest = Int(header[1]) << 16 | Int(header[2]) << 8 | Int(header[3])
            header = []
            if rest > Self.mostBytes { return false }
        }
        return true
    }
}
