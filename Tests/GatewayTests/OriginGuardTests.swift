import HTTP1
import Networking
import Testing

@testable import Gateway

@Suite("OriginGuard: a foreign page stays outside, a program passes")
struct OriginGuardTests {
    private static func refusal(
        origin: String?, host: String, listen: String = "127.0.0.1:8080", allowed: [String] = [],
        isSecure: Bool = false
    ) throws -> String? {
        let settings = try Settings(
            flags: [Setting(key: "allowedOrigins", values: allowed, source: .fallback)],
            environment: ["PARLEY_LISTEN": listen, "PARLEY_INSECURE": "true"], file: [])
        var fields: HTTPFields = ["Host": host]
        if let origin { fields.append("Origin", origin) }
        let request = HTTPRequest(method: "GET", target: "/ws", fields: fields, authority: host)
        let address = try SocketAddress("127.0.0.1:50000")
        return OriginGuard(try ServerConfiguration(settings, cores: 1)).refusal(
            of: request, from: Peer(address: address, neighbour: address, isSecure: isSecure))
    }

    @Test(
        "over TLS our own origin begins with https; without, a proxy may have taken it away",
        arguments: [
            ("https", true, true), ("http", true, false), ("https", false, true), ("http", false, true),
        ])
    func schemes(_ scheme: String, _ isSecure: Bool, _ isIn: Bool) throws {
        let refusal = try Self.refusal(
            origin: "\(scheme)://chat.example", host: "chat.example", listen: "0.0.0.0:8080",
            isSecure: isSecure)
        #expect((refusal == nil) == isIn)
    }

    @Test(
        "in development mode loopback names and origins of any port come in",
        arguments: [
            (nil, "127.0.0.1:8080"), (nil, "localhost"), (nil, "[::1]:8080"), (nil, "app.localhost:8080"),
            (nil, "LOCALHOST:8080"), ("http://127.0.0.1:8080", "127.0.0.1:8080"),
            ("http://localhost:3000", "127.0.0.1:8080"), ("http://[::1]:3000", "localhost:8080"),
        ] as [(String?, String)])
    func admitsLoopback(_ origin: String?, _ host: String) throws {
        #expect(try Self.refusal(origin: origin, host: host) == nil)
    }

    @Test(
        "in development mode a foreign origin is refused",
        arguments: [
            "https://evil.example", "http://127.0.0.1.evil.example", "http://localhost.evil.example", "null",
            "file://", "http://127.0.0.1evil:80", "",
        ])
    func refusesForeign(_ origin: String) throws {
        let refusal = try #require(try Self.refusal(origin: origin, host: "127.0.0.1:8080"))
        #expect(refusal.contains("allowedOrigins"))
    }

    @Test(
        "DNS rebinding: in development mode a name that is not loopback's is refused, wherever it leads",
        arguments: [
            "evil.example:8080", "127.0.0.1.evil.example", "10.0.0.1:8080", "localhost.evil.example:8080",
        ])
    func refusesRebinding(_ host: String) throws {
        // The page's own origin, as the browser sees it, is the same name.
        let refusal = try #require(try Self.refusal(origin: "http://\(host)", host: host))
        #expect(refusal.contains("loopback"))
        #expect(try Self.refusal(origin: nil, host: host) != nil)
    }

    @Test("a request without a Host, which HTTP/1.0 allows, is no browser's")
    func admitsHostless() throws {
        #expect(try Self.refusal(origin: nil, host: "") == nil)
    }

    @Test("outside development mode the same origin comes in under any name, without regard to case")
    func admitsSameOrigin() throws {
        let listen = "0.0.0.0:80"
        #expect(try Self.refusal(origin: "https://chat.example", host: "chat.example", listen: listen) == nil)
        #expect(try Self.refusal(origin: "https://Chat.Example", host: "chat.example", listen: listen) == nil)
        #expect(try Self.refusal(origin: nil, host: "chat.example", listen: listen) == nil)
    }

    @Test(
        "outside development mode no other origin does, loopback's neither",
        arguments: ["https://evil.example", "http://localhost:3000", "https://chat.example:444", "null"])
    func refusesOthers(_ origin: String) throws {
        #expect(try Self.refusal(origin: origin, host: "chat.example", listen: "0.0.0.0:80") != nil)
    }

    @Test("allowedOrigins are taken as they are written, in either mode")
    func admitsAllowed() throws {
        let allowed = ["https://shop.example"]
        for listen in ["127.0.0.1:8080", "0.0.0.0:80"] {
            func refusal(_ origin: String) throws -> String? {
                try Self.refusal(origin: origin, host: "localhost:8080", listen: listen, allowed: allowed)
            }
            #expect(try refusal("https://shop.example") == nil)
            #expect(try refusal("http://shop.example") != nil)
            #expect(try refusal("https://shop.example.evil") != nil)
        }
    }
}
