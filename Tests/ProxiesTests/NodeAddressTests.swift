import Testing

@testable import Proxies

@Suite("Addresses as proxies write them")
struct NodeAddressTests {
    @Test("IPv4, with a port or without")
    func readsIPv4() {
        #expect(NodeAddress("192.0.2.1") == NodeAddress(ipv4: 0xC000_0201))
        #expect(NodeAddress("192.0.2.1:65535") == NodeAddress(ipv4: 0xC000_0201, port: 65_535))
        #expect(NodeAddress("0.0.0.0:0") == NodeAddress(ipv4: 0, port: 0))
    }

    @Test("IPv6, bare or in brackets, with a port behind them")
    func readsIPv6() {
        let address = NodeAddress(high: 0x2001_0DB8_0000_0000, low: 1)
        for text in ["2001:db8::1", "[2001:DB8::1]", "2001:db8:0:0:0:0:0:1", "2001:0db8::0:1"] {
            #expect(NodeAddress(text) == address, "\(text)")
        }
        #expect(NodeAddress("[2001:db8::1]:80") == address.with(port: 80))
        #expect(NodeAddress("::") == NodeAddress(high: 0, low: 0))
        #expect(NodeAddress("1::") == NodeAddress(high: 1 << 48, low: 0))
        #expect(NodeAddress("::ffff:192.0.2.1") == NodeAddress(high: 0, low: 0xFFFF_C000_0201))
        #expect(
            NodeAddress("1:2:3:4:5:6:7:8")
                == NodeAddress(high: 0x1_0002_0003_0004, low: 0x5_0006_0007_0008))
        #expect(
            NodeAddress("1:2:3:4:5:6:7::") == NodeAddress(high: 0x1_0002_0003_0004, low: 0x5_0006_0007_0000))
    }

    @Test(
        "whatever is none is refused",
        arguments: [
            "", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.", "1.2.3.4:", "1.2.3.4:65536",
            "1.2.3.4:080", "1.2.3.4:-1", " 1.2.3.4", "1.2.3.4 ", "0x7f.0.0.1", "1.2.3.4:80:80", ":", ":::",
            "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "g::", "fe80::1%eth0", "::1.2.3",
            "1:2:3:4:5:6:7:1.2.3.4", "[::1", "::1]", "[::1]80", "[::1]:", "[1.2.3.4]", "1:", ":1", "::1:",
            "1:2:3:4:5:6:7:8::", "example.org", "1.2.3.4\u{0}", "unknown",
        ])
    func refuses(_ text: String) { #expect(NodeAddress(text) == nil) }

    @Test("a text of any length costs no more than the longest address")
    func isBounded() {
        #expect(NodeAddress(String(repeating: "1:", count: 1_000_000)) == nil)
        #expect(
            NodeAddress("[0000:0000:0000:0000:0000:ffff:255.255.255.255]:65535")?.port == 65_535)
    }
}
