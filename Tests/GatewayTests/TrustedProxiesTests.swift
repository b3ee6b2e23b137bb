import HTTP1
import Networking
import Testing

@testable import Gateway
@testable import Proxies

@Suite("Whose connection it is, as far as it is believed")
struct TrustedProxiesTests {
    private static func proxies(_ change: (inout ProxySettings) -> Void = { _ in }) throws -> TrustedProxies {
        var settings = ProxySettings()
        settings.trusted = [try AddressRange("10.0.0.0/8"), try AddressRange("fd00::/8")]
        change(&settings)
        return TrustedProxies(settings)
    }

    private static func request(_ fields: HTTPFields) -> HTTPRequest {
        HTTPRequest(method: "GET", target: "/", fields: fields)
    }

    @Test("nobody is trusted unless named")
    func trustsNobody() throws {
        let address = try SocketAddress("127.0.0.1:1")
        let proxies = TrustedProxies(ProxySettings())
        #expect(!proxies.trusts(address) && !proxies.expectsPreface(from: address))
        #expect(proxies.neighbour(address, isSecure: false).group == AddressGroup(address))
    }

    @Test("a proxy of no client is of no group; its client is; a stranger's word is nothing")
    func readsFields() throws {
        let proxies = try Self.proxies()
        let proxy = proxies.neighbour(try SocketAddress("10.0.0.1:5"), isSecure: false)
        #expect(proxy.isProxy && proxy.group == nil)
        #expect(proxies.peer(of: Self.request([:]), from: proxy).peer == proxy)
        let fields: HTTPFields = [
            "X-Forwarded-For": "203.0.113.1, 10.0.0.9", "X-Forwarded-Proto": "https",
            "Forwarded": "for=198.51.100.1",
        ]
        let peer = proxies.peer(of: Self.request(fields), from: proxy).peer
        #expect(peer.address == (try SocketAddress("203.0.113.1:0")))
        #expect(peer.neighbour == proxy.address && peer.isSecure && !peer.isProxy)
        let stranger = proxies.neighbour(try SocketAddress("192.0.2.1:5"), isSecure: false)
        #expect(proxies.peer(of: Self.request(fields), from: stranger).peer == stranger)
    }

    @Test("only the field that was chosen is read")
    func readsOneField() throws {
        let fields: HTTPFields = ["X-Forwarded-For": "203.0.113.1", "Forwarded": "for=198.51.100.1"]
        let address = try SocketAddress("10.0.0.1:5")
        for (field, host) in [
            (ProxySettings.Field.forwarded, "198.51.100.1"), (.xForwardedFor, "203.0.113.1"),
            (.none, "10.0.0.1"),
        ] {
            let proxies = try Self.proxies { $0.field = field }
            let sender = proxies.neighbour(address, isSecure: false)
            #expect(proxies.peer(of: Self.request(fields), from: sender).peer.address.host == host)
        }
    }

    @Test("who hides or cannot be read shares the limits of the proxy that brought him")
    func countsTheHidden() throws {
        let proxies = try Self.proxies()
        let proxy = proxies.neighbour(try SocketAddress("10.0.0.1:5"), isSecure: false)
        for (list, host, isMalformed) in [
            ("unknown", "10.0.0.1", false), ("rubbish", "10.0.0.1", true), ("x, 10.0.0.9", "10.0.0.9", true),
        ] {
            let (peer, fault) = proxies.peer(of: Self.request(["X-Forwarded-For": list]), from: proxy)
            #expect(peer.address.host == host && !peer.isProxy && peer.group != nil && fault == isMalformed)
        }
    }

    @Test("a PROXY header tells whose it is, LOCAL nothing; behind a proxy behind it the field counts too")
    func readsHeaders() throws {
        let proxies = try Self.proxies { $0.hasPreface = true }
        let neighbour = proxies.neighbour(try SocketAddress("10.0.0.1:5"), isSecure: true)
        #expect(proxies.expectsPreface(from: neighbour.address))
        #expect(proxies.peer(.local, from: neighbour) == neighbour)
        var header = ProxyHeader(source: NodeAddress("203.0.113.1:99"), destination: nil, isSecure: false)
        let client = proxies.peer(header, from: neighbour)
        #expect(client.address == (try SocketAddress("203.0.113.1:99")))
        #expect(!client.isSecure && !client.isProxy)
        let fields: HTTPFields = ["X-Forwarded-For": "198.51.100.1"]
        #expect(proxies.peer(of: Self.request(fields), from: client).peer == client)
        header.source = NodeAddress("[fd00::1]:99")
        let inner = proxies.peer(header, from: neighbour)
        #expect(inner.isProxy)
        #expect(proxies.peer(of: Self.request(fields), from: inner).peer.address.host == "198.51.100.1")
    }
}
