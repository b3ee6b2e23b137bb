import Bytes
import Testing

@testable import Proxies

/// Headers and what they say, each read whole and cut at every byte; behind each stand bytes of the
/// connection, which must come out untouched.
@Suite("The PROXY protocol, versions 1 and 2")
struct ProxyHeaderTests {
    static let signature: [UInt8] = [13, 10, 13, 10, 0, 13, 10, 0x51, 0x55, 0x49, 0x54, 10]
    static let source4 = NodeAddress(ipv4: 0xC000_0201, port: 56_324)
    static let destination4 = NodeAddress(ipv4: 0xC000_0202, port: 443)
    static let block4: [UInt8] = [192, 0, 2, 1, 192, 0, 2, 2, 0xDC, 0x04, 0x01, 0xBB]
    static let source6 = NodeAddress(high: 0x2001_0DB8_0000_0000, low: 1, port: 56_324)
    static let destination6 = NodeAddress(high: 0x2001_0DB8_0000_0000, low: 2, port: 443)
    static let block6: [UInt8] =
        [0x20, 1, 13, 0xB8] + Array(repeating: 0, count: 11) + [1]
        + [0x20, 1, 13, 0xB8] + Array(repeating: 0, count: 11) + [2] + [0xDC, 0x04, 0x01, 0xBB]

    static func binary(_ command: UInt8, _ family: UInt8, _ block: [UInt8]) -> [UInt8] {
        signature + [command, family, UInt8(block.count >> 8), UInt8(block.count & 255)] + block
    }

    /// What a reader makes of `bytes` in pieces: the header and the rest, the error, or nothing yet.
    static func read(_ bytes: [UInt8], cutAt cuts: [Int] = []) throws(ProxyHeaderError)
        -> (header: ProxyHeader, rest: [UInt8])?
    {
        var reader = ProxyHeaderReader()
        var header: ProxyHeader?
        var start = 0
        for end in cuts + [bytes.count] {
            reader.receive(Array(bytes[start..<end]).span)
            start = end
            if header == nil { header = try reader.next() }
        }
        return header.map { ($0, reader.takeRemainder()) }
    }

    static func expect(_ bytes: [UInt8], is expected: ProxyHeader) throws {
        for behind in [[], Array("GET / HTTP/1.1\r\n".utf8), signature] {
            let all = bytes + behind
            let whole = try #require(try read(all))
            #expect(whole.header == expected)
            #expect(whole.rest == behind)
            for cut in 0...all.count {
                let split = try #require(try read(all, cutAt: [cut]))
                #expect(split.header == expected && split.rest == behind, "cut at \(cut)")
            }
            let single = try #require(try read(all, cutAt: Array(0..<all.count)))
            #expect(single.header == expected && single.rest == behind)
        }
        for length in 0..<bytes.count {
            #expect(try read(Array(bytes.prefix(length))) == nil, "\(length) bytes are no header yet")
        }
    }

    /// The error must not depend on how the bytes are cut; and it comes at the first byte that is wrong.
    static func expect(_ bytes: [UInt8], fails error: ProxyHeaderError) {
        #expect(throws: error) { try read(bytes) }
        for cut in 0...bytes.count { #expect(throws: error) { try read(bytes, cutAt: [cut]) } }
        #expect(throws: error) { try read(bytes, cutAt: Array(0..<bytes.count)) }
        #expect(!error.sentence.isEmpty && error.sentence.hasSuffix("."))
    }

    @Test("version 1: TCP4 and TCP6")
    func readsLines() throws {
        try Self.expect(
            Array("PROXY TCP4 192.0.2.1 192.0.2.2 56324 443\r\n".utf8),
            is: ProxyHeader(source: Self.source4, destination: Self.destination4))
        try Self.expect(
            Array("PROXY TCP6 2001:db8::1 2001:db8::2 56324 443\r\n".utf8),
            is: ProxyHeader(source: Self.source6, destination: Self.destination6))
        let longest = "PROXY TCP6 ffff:f...f:ffff ffff:f...f:ffff 65535 65535\r\n"
            .replacing("ffff:f...f:ffff", with: "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")
        #expect(try Self.read(Array(longest.utf8))?.header.source?.port == 65_535)
    }

    @Test("version 1: whatever follows UNKNOWN is ignored up to the end of the line, of 107 bytes at most")
    func readsUnknown() throws {
        try Self.expect(Array("PROXY UNKNOWN\r\n".utf8), is: .local)
        try Self.expect(Array("PROXY UNKNOWN who knows 1 2 3\r\n".utf8), is: .local)
        let longest = "PROXY UNKNOWN " + String(repeating: "x", count: 107 - 16)
        try Self.expect(Array((longest + "\r\n").utf8), is: .local)
        Self.expect(Array((longest + "x\r\n").utf8), fails: .badLine)
        Self.expect(Array((longest + "xxx").utf8), fails: .badLine)
    }

    @Test(
        "version 1: a line that breaks a rule is told",
        arguments: [
            ("PROXY TCP4 192.0.2.1 192.0.2.2 56324 443\n", ProxyHeaderError.badLine),
            ("PROXY \n", .badLine),
            ("PROXY TCP5 192.0.2.1 192.0.2.2 1 2\r\n", .unknownProtocol),
            ("PROXY \r\n", .unknownProtocol),
            ("PROXY tcp4 192.0.2.1 192.0.2.2 1 2\r\n", .unknownProtocol),
            ("PROXY  TCP4 192.0.2.1 192.0.2.2 1 2\r\n", .unknownProtocol),
            ("PROXY TCP4 192.0.2.1  192.0.2.2 1 2\r\n", .badAddress),
            ("PROXY TCP4 192.0.2.1 192.0.2.2 1\r\n", .badAddress),
            ("PROXY TCP4 192.0.2.1 192.0.2.2 1 2 3\r\n", .badAddress),
            ("PROXY TCP4 192.0.2.1 192.0.2.2 1 2 \r\n", .badAddress),
            ("PROXY TCP4 192.0.2.256 192.0.2.2 1 2\r\n", .badAddress),
            ("PROXY TCP4 192.0.2.01 192.0.2.2 1 2\r\n", .badAddress),
            ("PROXY TCP4 192.0.2.1 192.0.2.2 01 2\r\n", .badAddress),
            ("PROXY TCP4 192.0.2.1 192.0.2.2 1 65536\r\n", .badAddress),
            ("PROXY TCP4 ::1 ::1 1 2\r\n", .badAddress),
            ("PROXY TCP6 192.0.2.1 192.0.2.2 1 2\r\n", .badAddress),
            ("PROXX TCP4", .noHeader), ("GET / HTTP/1.1\r\n", .noHeader), ("POST / HTTP/1.1", .noHeader),
            ("\r\nGET / HTTP/1.1\r\n", .noHeader), (" PROXY UNKNOWN\r\n", .noHeader),
        ])
    func refusesLines(_ text: String, _ error: ProxyHeaderError) {
        Self.expect(Array(text.utf8), fails: error)
    }

    @Test("version 2: streams of IPv4 and IPv6, with fields behind the addresses")
    func readsBinary() throws {
        let fields: [UInt8] = [0x01, 0, 2, 0x68, 0x32, 0x04, 0, 0, 0xE0, 0, 1, 9]
        for more in [[], fields] {
            try Self.expect(
                Self.binary(0x21, 0x11, Self.block4 + more),
                is: ProxyHeader(source: Self.source4, destination: Self.destination4))
            try Self.expect(
                Self.binary(0x21, 0x21, Self.block6 + more),
                is: ProxyHeader(source: Self.source6, destination: Self.destination6))
        }
    }

    @Test("version 2: LOCAL stands for the connection's own ends, whatever is in its block")
    func readsLocal() throws {
        try Self.expect(Self.binary(0x20, 0x00, []), is: .local)
        try Self.expect(Self.binary(0x20, 0x11, Self.block4), is: .local)
        try Self.expect(Self.binary(0x20, 0x11, [1, 2, 3]), is: .local)
    }

    @Test("version 2: UNSPEC, UNIX sockets and datagrams name no address of a connection")
    func readsOthers() throws {
        try Self.expect(Self.binary(0x21, 0x00, []), is: .local)
        try Self.expect(Self.binary(0x21, 0x31, [UInt8](repeating: 7, count: 216)), is: .local)
        try Self.expect(Self.binary(0x21, 0x12, Self.block4), is: .local)
        try Self.expect(Self.binary(0x21, 0x22, Self.block6), is: .local)
    }

    @Test("version 2: the field SSL says whether the client came by TLS")
    func readsTLS() throws {
        for (bits, isSecure) in [(UInt8(1), true), (7, true), (0, false), (6, false)] {
            let header = Self.binary(0x21, 0x11, Self.block4 + [0x20, 0, 5, bits, 0, 0, 0, 0])
            try Self.expect(
                header,
                is: ProxyHeader(
                    source: Self.source4, destination: Self.destination4, isSecure: isSecure))
        }
    }

    @Test("version 2: a checksum is checked over the whole header")
    func checksSum() throws {
        var header = Self.binary(0x21, 0x11, Self.block4 + [0x03, 0, 4, 0, 0, 0, 0, 0x04, 0, 1, 0])
        let sum = CRC32C.checksum(of: header[...], zeroing: 0..<0)
        for place in 0..<4 { header[31 + place] = UInt8(truncatingIfNeeded: sum >> (24 - 8 * place)) }
        try Self.expect(header, is: ProxyHeader(source: Self.source4, destination: Self.destination4))
        for index in header.indices where ![12, 13, 14, 15, 28, 29, 30, 35, 36, 37].contains(index) {
            var broken = header
            broken[index] ^= 0x10
            let error: ProxyHeaderError = index < 12 ? .noHeader : .badChecksum
            Self.expect(broken, fails: error)
        }
    }

    @Test("version 2: what breaks a rule is told")
    func refusesBinary() {
        Self.expect(Self.signature + [0x11, 0x11, 0, 0], fails: .unknownVersion)
        Self.expect(Self.binary(0x22, 0x11, Self.block4), fails: .unknownCommand)
        Self.expect(Self.binary(0x21, 0x41, Self.block4), fails: .unknownFamily)
        Self.expect(Self.binary(0x21, 0x13, Self.block4), fails: .unknownFamily)
        Self.expect(Self.binary(0x21, 0x11, Array(Self.block4.dropLast())), fails: .tooShort)
        Self.expect(Self.binary(0x21, 0x21, Array(Self.block6.dropLast())), fails: .tooShort)
        Self.expect(Self.binary(0x21, 0x31, [UInt8](repeating: 0, count: 215)), fails: .tooShort)
        Self.expect(Self.binary(0x21, 0x11, Self.block4 + [0x04, 0]), fails: .badField)
        Self.expect(Self.binary(0x21, 0x11, Self.block4 + [0x04, 0, 2, 0]), fails: .badField)
        Self.expect(Self.binary(0x21, 0x11, Self.block4 + [0x03, 0, 3, 0, 0, 0]), fails: .badField)
        Self.expect(Self.binary(0x21, 0x11, Self.block4 + [0x20, 0, 4, 1, 0, 0, 0]), fails: .badField)
    }

    @Test("version 2: the length is bounded, and told before the block is waited for")
    func boundsLength() throws {
        let length = ProxyHeaderReader.longestBlock
        let field = [0x04, UInt8((length - 15) >> 8), UInt8((length - 15) & 255)]
        let longest = Self.block4 + field + [UInt8](repeating: 0, count: length - 15)
        #expect(try Self.read(Self.binary(0x21, 0x11, longest))?.header.source == Self.source4)
        Self.expect(
            Self.signature + [0x21, 0x11, UInt8((length + 1) >> 8), UInt8((length + 1) & 255)],
            fails: .tooLong)
    }
}
