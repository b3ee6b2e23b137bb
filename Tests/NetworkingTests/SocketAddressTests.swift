import Testing

@testable import Networking

@Suite("Socket addresses")
struct SocketAddressTests {
    @Test(
        "an address is printed as it is written",
        arguments: [
            "127.0.0.1:8080", "0.0.0.0:0", "255.255.255.255:65535", "[::1]:8080", "[2001:db8::5]:443",
        ])
    func roundTrip(_ text: String) throws { #expect(try SocketAddress(text).description == text) }

    @Test(
        "what is no address is refused with its fault and a sentence that says what to write",
        arguments: [
            ("", SocketAddressError.Fault.noPort), ("127.0.0.1", .noPort), ("127.0.0.1:", .badPort),
            ("127.0.0.1:65536", .badPort), ("127.0.0.1:-1", .badPort), ("127.0.0.1:8o", .badPort),
            (":8080", .noHost),
            ("localhost:80", .badHost), ("1.2.3:80", .badHost), ("::1:80", .badHost),
            ("[127.0.0.1]:80", .badHost),
            ("[::1:80", .badHost), ("127.0.0.1 :80", .badHost),
        ])
    func refuses(_ text: String, _ fault: SocketAddressError.Fault) {
        let error = #expect(throws: SocketAddressError.self) { _ = try SocketAddress(text) }
        #expect(error?.fault == fault)
        #expect(error?.description.contains("127.0.0.1:8080") == true)
    }

    @Test(
        "loopback is 127.0.0.0/8, ::1, and the former mapped into IPv6",
        arguments: [
            ("127.0.0.1:1", true), ("127.255.0.9:1", true), ("[::1]:1", true), ("[::ffff:127.0.0.1]:1", true),
            ("128.0.0.1:1", false), ("0.0.0.0:1", false), ("[::]:1", false), ("[::2]:1", false),
            ("[::ffff:10.0.0.1]:1", false), ("[1::1]:1", false),
        ])
    func loopback(_ text: String, _ expected: Bool) throws {
        #expect(try SocketAddress(text).isLoopback == expected)
    }

    @Test("the host stands alone, and the port can be replaced")
    func parts() throws {
        let address = try SocketAddress("[::1]:80")
        #expect(address.host == "::1" && address.port == 80 && address.isIPv6)
        #expect(address.with(port: 81).description == "[::1]:81")
        #expect(address != address.with(port: 81))
    }
}
