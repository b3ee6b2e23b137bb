import HTTP1
import Testing

@testable import Proxies

@Suite("What proxies write into requests: RFC 7239 and X-Forwarded-For")
struct ForwardedHopsTests {
    typealias Hop = ForwardedHops.Hop

    static func forwarded(_ lines: String...) -> [Hop] {
        var fields = HTTPFields()
        for line in lines { fields.append("Forwarded", line) }
        return ForwardedHops(forwarded: fields).hops
    }

    static func xForwardedFor(_ lines: String..., proto: [String] = []) -> ForwardedHops {
        var fields = HTTPFields()
        for line in lines { fields.append("X-Forwarded-For", line) }
        for line in proto { fields.append("X-Forwarded-Proto", line) }
        return ForwardedHops(xForwardedFor: fields)
    }

    static func address(_ text: String, _ isSecure: Bool? = nil) -> Hop {
        Hop(node: NodeAddress(text).map { .address($0) } ?? .malformed, isSecure: isSecure)
    }

    @Test("RFC 7239 §4: the examples, the nearest first")
    func readsExamples() {
        #expect(Self.forwarded(#"for="_gazonk""#) == [Hop(node: .hidden)])
        #expect(
            Self.forwarded(#"For="[2001:db8:cafe::17]:4711""#) == [Self.address("[2001:db8:cafe::17]:4711")])
        #expect(
            Self.forwarded("for=192.0.2.60;proto=http;by=203.0.113.43")
                == [Self.address("192.0.2.60", false)])
        #expect(
            Self.forwarded("for=192.0.2.43, for=198.51.100.17")
                == [Self.address("198.51.100.17"), Self.address("192.0.2.43")])
        #expect(
            Self.forwarded(#"for=192.0.2.43, for="[2001:db8:cafe::17]", for=unknown"#)
                == [Hop(node: .hidden), Self.address("2001:db8:cafe::17"), Self.address("192.0.2.43")])
    }

    @Test("several lines are one list, the last line nearest; blanks and empty members do not count")
    func joinsLines() {
        #expect(
            Self.forwarded("for=1.1.1.1 ,, for=2.2.2.2,", "\t for=3.3.3.3 ; proto=HTTPS")
                == [Self.address("3.3.3.3", true), Self.address("2.2.2.2"), Self.address("1.1.1.1")])
    }

    @Test("quoted ports, made-up ports, escapes; an element without `for` hides who it was")
    func readsNodes() {
        #expect(Self.forwarded(#"for="192.0.2.1:80""#) == [Self.address("192.0.2.1:80")])
        #expect(Self.forwarded(#"for="192.0.2.1:_port""#) == [Self.address("192.0.2.1")])
        #expect(Self.forwarded(#"for="\192.0.2.1""#) == [Self.address("192.0.2.1")])
        #expect(Self.forwarded(#"for="unknown:80""#) == [Hop(node: .hidden)])
        #expect(Self.forwarded("proto=https") == [Hop(node: .hidden, isSecure: true)])
        #expect(Self.forwarded("for=_a;host=\"a,b;c\"") == [Hop(node: .hidden)])
    }

    @Test(
        "a broken line is one malformed step: nobody knows where its members end",
        arguments: [
            #"for="1.1.1.1, for=2.2.2.2"#, "for=1.1.1.1:80", "for=[::1]", "for", "for=", "=1.1.1.1",
            "for=1.1.1.1 for=2.2.2.2", "for=1.1.1.1;for=2.2.2.2", #"for="1.1.1.1\"#, "for=1.1.1.1;;x y",
            #"for="1.1.1.1"x"#, "for=1.1.1.1;proto", "1.1.1.1", "for =1.1.1.1",
        ])
    func refusesLines(_ line: String) {
        #expect(Self.forwarded(line) == [Hop(node: .malformed)])
        #expect(
            Self.forwarded("for=9.9.9.9", line, "for=3.3.3.3")
                == [Self.address("3.3.3.3"), Hop(node: .malformed)])
    }

    @Test(
        "a readable line may have a node that is none",
        arguments: [
            "for=example.org", #"for="[::1""#, #"for="[::1]x""#, #"for="1.1.1.1:""#, "for=_", "for=1.1.1",
            #"for="1.1.1.1:99999""#, #"for=""#, #"for="[1.1.1.1]""#,
        ])
    func refusesNodes(_ line: String) { #expect(Self.forwarded(line).map(\.node) == [.malformed]) }

    @Test("X-Forwarded-For: the last member is the nearest, over all lines, with ports or without")
    func readsList() {
        #expect(
            Self.xForwardedFor("1.1.1.1, 2.2.2.2:80", "2001:db8::1,[::1]:443").hops
                == [
                    Self.address("[::1]:443"), Self.address("2001:db8::1"), Self.address("2.2.2.2:80"),
                    Self.address("1.1.1.1"),
                ])
        #expect(Self.xForwardedFor().hops.isEmpty)
        #expect(
            Self.xForwardedFor("1.1.1.1, unknown").hops == [Hop(node: .hidden), Self.address("1.1.1.1")])
        #expect(
            Self.xForwardedFor("1.1.1.1, what, 2.2.2.2").hops
                == [Self.address("2.2.2.2"), Hop(node: .malformed)])
    }

    @Test("X-Forwarded-Proto goes step by step where it has as many members, else the nearest's word counts")
    func readsProtocols() {
        #expect(
            Self.xForwardedFor("1.1.1.1, 2.2.2.2", proto: ["https, http"]).hops
                == [Self.address("2.2.2.2", false), Self.address("1.1.1.1", true)])
        #expect(
            Self.xForwardedFor("1.1.1.1, 2.2.2.2", proto: ["http", "x", "HTTPS"]).hops.map(\.isSecure)
                == [true, true])
        #expect(Self.xForwardedFor(proto: ["https"]).client { _ in true } == ForwardedClient(isSecure: true))
    }

    @Test("the client is the nearest who is not trusted; farther words are anybody's")
    func findsClient() {
        let isTrusted = { (address: NodeAddress) in address.low >> 24 == 10 }
        func client(_ list: String) -> ForwardedClient {
            Self.xForwardedFor(list).client(isTrusted: isTrusted)
        }
        let one = NodeAddress("1.1.1.1")
        #expect(client("1.1.1.1") == ForwardedClient(address: one))
        #expect(client("9.9.9.9, 1.1.1.1, 10.0.0.1, 10.0.0.2") == ForwardedClient(address: one))
        #expect(client("rubbish, 1.1.1.1, 10.0.0.1") == ForwardedClient(address: one))
        #expect(client("10.0.0.3, 10.0.0.1") == ForwardedClient(address: NodeAddress("10.0.0.3")))
        #expect(client("") == ForwardedClient())
        let ten = NodeAddress("10.0.0.1")
        #expect(
            client("1.1.1.1, rubbish, 10.0.0.1")
                == ForwardedClient(address: ten, isHidden: true, isMalformed: true))
        #expect(client("1.1.1.1, unknown, 10.0.0.1") == ForwardedClient(address: ten, isHidden: true))
        #expect(client("rubbish") == ForwardedClient(isHidden: true, isMalformed: true))
    }

    @Test("whether the client came by TLS is what the proxy says that it came to")
    func tellsSecurity() {
        var fields = HTTPFields()
        fields.append("Forwarded", "for=1.1.1.1;proto=https, for=10.0.0.1;proto=http")
        let client = ForwardedHops(forwarded: fields).client { $0.low >> 24 == 10 }
        #expect(client == ForwardedClient(address: NodeAddress("1.1.1.1"), isSecure: true))
    }
}
