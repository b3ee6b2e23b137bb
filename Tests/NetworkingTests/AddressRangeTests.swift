import Testing

@testable import Networking

@Suite("Ranges of addresses, and who shares a limit")
struct AddressRangeTests {
    private static func contains(_ range: String, _ address: String) throws -> Bool {
        try AddressRange(range).contains(SocketAddress(address))
    }

    @Test("a range holds what shares its bits, whatever the port")
    func contains() throws {
        #expect(try Self.contains("10.0.0.0/8", "10.255.255.255:9"))
        #expect(try !Self.contains("10.0.0.0/8", "11.0.0.0:9"))
        #expect(try Self.contains("192.0.2.1", "192.0.2.1:80"))
        #expect(try !Self.contains("192.0.2.1/32", "192.0.2.2:80"))
        #expect(try Self.contains("192.0.2.2/31", "192.0.2.3:80"))
        #expect(try Self.contains("0.0.0.0/0", "1.2.3.4:1"))
        #expect(try !Self.contains("0.0.0.0/0", "[::1]:1"))
        #expect(try Self.contains("::/0", "[ffff::]:1") && !Self.contains("::/0", "1.2.3.4:1"))
        #expect(try Self.contains("fd00::/8", "[fdff:1::2]:1") && !Self.contains("fd00::/8", "[fc00::]:1"))
        #expect(try Self.contains("2001:db8::/65", "[2001:db8::7fff:0:0:1]:1"))
        #expect(try !Self.contains("2001:db8::/65", "[2001:db8::8000:0:0:1]:1"))
        #expect(try Self.contains("::1", "[::1]:1") && !Self.contains("::1", "[::2]:1"))
    }

    @Test("IPv4 inside IPv6 is IPv4")
    func unmaps() throws {
        #expect(try Self.contains("10.0.0.0/8", "[::ffff:10.1.2.3]:1"))
        #expect(try SocketAddress("[::ffff:10.1.2.3]:1").unmapped == SocketAddress("10.1.2.3:1"))
        #expect(try SocketAddress("[::fffe:10.1.2.3]:1").unmapped.isIPv6)
    }

    @Test("it is written as it was meant, and read again")
    func describes() throws {
        for text in ["10.0.0.0/8", "fd00::/8", "192.0.2.1/32", "::1/128", "0.0.0.0/0"] {
            #expect(try AddressRange(text).description == text)
        }
    }

    @Test(
        "what is none is refused with a sentence that says what to write",
        arguments: [
            ("10.0.0.0/33", "has no number from 0 to 32 behind its slash: write how many bits are shared."),
            ("::/129", "has no number from 0 to 128 behind its slash: write how many bits are shared."),
            ("10.0.0.0/", "has no number from 0 to 32 behind its slash: write how many bits are shared."),
            ("10.0.0.0/+8", "has no number from 0 to 32 behind its slash: write how many bits are shared."),
            (
                "10.0.0.1/8",
                "has bits behind those that are shared: write 10.0.0.0/8 if you mean all of them."
            ),
            ("fd00::1/64", "has bits behind those that are shared: write fd00::/64 if you mean all of them."),
            ("proxy", Self.whatToWrite), ("", Self.whatToWrite), ("[::1]", Self.whatToWrite),
            ("10.0.0.1:80", Self.whatToWrite),
        ])
    func refuses(_ text: String, _ sentence: String) {
        let error = #expect(throws: AddressRangeError.self) { try AddressRange(text) }
        #expect(error?.description == "\"\(text)\" \(sentence)")
    }

    private static let whatToWrite =
        "is no address or range of addresses: write 192.0.2.1, 10.0.0.0/8 or fd00::/8."

    @Test("an IPv4 address shares with nobody, an IPv6 address with its network of 64 bits")
    func groups() throws {
        func group(_ text: String) throws -> AddressGroup { AddressGroup(try SocketAddress(text)) }
        #expect(try group("192.0.2.1:1") == group("192.0.2.1:2"))
        #expect(try group("192.0.2.1:1") != group("192.0.2.2:1"))
        #expect(try group("[2001:db8::1]:1") == group("[2001:db8::ffff:0:0:2]:2"))
        #expect(try group("[2001:db8::1]:1") != group("[2001:db8:0:1::1]:1"))
        #expect(try group("[::ffff:192.0.2.1]:1") == group("192.0.2.1:1"))
        #expect(try group("[::]:1") != group("0.0.0.0:1"))
    }
}
