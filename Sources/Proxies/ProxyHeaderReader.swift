import Bytes

/// Reads a PROXY header of either version from the beginning of a connection, however its bytes are cut. What
/// comes behind it belongs to the connection.
package struct ProxyHeaderReader {
    /// The largest block of addresses and fields that is read, in bytes: HAProxy's own with a client's
    /// certificate in them have some hundred.
    package static let longestBlock = 4_096

    /// §2.1: "a 108-byte buffer is always enough to store all the line and a trailing zero".
    private static let longestLine = 107
    private static let text = Array("PROXY ".utf8)
    private static let signature: [UInt8] = [
        0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A,
    ]

    private var bytes: [UInt8] = []
    private var used = 0

    /// Reads from a connection's first byte.
    package init() {}

    /// Takes what came.
    package mutating func receive(_ span: Span<UInt8>) { bytes.append(span) }

    /// The header once it is whole; nil before. Throws at the first byte that makes it none.
    package mutating func next() throws(ProxyHeaderError) -> ProxyHeader? {
        guard let first = bytes.first else { return nil }
        if first == Self.text[0] { return try readLine() }
        if first == Self.signature[0] { return try readBinary() }
        throw .noHeader
    }

    /// What came behind the header; asked once, when it has been read.
    package mutating func takeRemainder() -> [UInt8] {
        defer { bytes = [] }
        return Array(bytes[used...])
    }

    private func begins(with expected: [UInt8]) -> Bool {
        zip(bytes, expected).allSatisfy { $0 == $1 }
    }

    private mutating func readLine() throws(ProxyHeaderError) -> ProxyHeader? {
        guard begins(with: Self.text) else { throw .noHeader }
        let window = bytes.prefix(Self.longestLine)
        guard let end = window.firstIndex(of: 0x0A) else {
            guard window.count < Self.longestLine else { throw .badLine }
            return nil
        }
        guard end > 0, bytes[end - 1] == 0x0D else { throw .badLine }
        let header = try ProxyHeader(line: bytes[..<(end - 1)])
        used = end + 1
        return header
    }

    private mutating func readBinary() throws(ProxyHeaderError) -> ProxyHeader? {
        guard begins(with: Self.signature) else { throw .noHeader }
        if bytes.count > 12, bytes[12] >> 4 != 2 { throw .unknownVersion }
        guard bytes.count >= 16 else { return nil }
        let length = Int(bytes[14]) << 8 | Int(bytes[15])
        guard length <= Self.longestBlock else { throw .tooLong }
        guard bytes.count >= 16 + length else { return nil }
        let header = try ProxyHeader(binary: bytes[..<(16 + length)])
        used = 16 + length
        return header
    }
}
