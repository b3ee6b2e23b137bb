import Testing

@testable import Gateway

@Suite("Connections of trusted proxies begin with a PROXY header", .timeLimit(.minutes(2)))
struct PrefaceTests {
    private static let line = "PROXY TCP4 203.0.113.7 192.0.2.1 40000 443\r\n"
    private static let binary: [UInt8] =
        [13, 10, 13, 10, 0, 13, 10, 0x51, 0x55, 0x49, 0x54, 10, 0x21, 0x11, 0, 12]
        + [203, 0, 113, 7, 192, 0, 2, 1, 0x9C, 0x40, 0x01, 0xBB]
    private static let request = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"

    private static func gateway(_ change: (inout ServerConfiguration) -> Void = { _ in }) throws
        -> TestGateway
    {
        try TestGateway {
            $0.proxies = .trusting("127.0.0.2")
            $0.proxies.hasPreface = true
            change(&$0)
        }
    }

    private static func proxied(_ gateway: TestGateway) throws -> TestConnection {
        try TestConnection(to: gateway.address, from: "127.0.0.2")
    }

    @Test("both versions, at once with the request or a byte at a time")
    func passes() throws {
        let gateway = try Self.gateway()
        for header in [Array(Self.line.utf8), Self.binary, Array("PROXY UNKNOWN\r\n".utf8)] {
            let connection = try Self.proxied(gateway)
            try connection.send(header + Array(Self.request.utf8))
            #expect(try connection.answer().status == 200)
            #expect(try connection.ask("GET", "/healthz").status == 200)
            let slow = try Self.proxied(gateway)
            for byte in header + Array(Self.request.utf8) { try slow.send([byte]) }
            #expect(try slow.answer().status == 200)
        }
    }

    @Test("without a header, or with a broken one, the connection ends without an answer, and is counted")
    func refuses() throws {
        let gateway = try Self.gateway()
        let watcher = try TestConnection(to: gateway.address)
        var broken = Self.binary
        broken[12] = 0x31
        for bytes in [Array(Self.request.utf8), broken, Array("PROXY TCP4 x y 1 2\r\n".utf8)] {
            let connection = try Self.proxied(gateway)
            try connection.send(bytes)
            #expect(try connection.readToEnd().isEmpty)
        }
        #expect(try watcher.figure("parley_proxy_faults_total", ("kind", "preface")) == 3)
        // A health check that only connects is no fault.
        do { _ = try Self.proxied(gateway) }
        while try watcher.figure("parley_connections") > 1 {}
        #expect(try watcher.figure("parley_proxy_faults_total") == 3)
    }

    @Test("whoever does not say in time is closed, and is counted")
    func limitsTime() throws {
        let gateway = try Self.gateway { $0.doors.handshakeTime = .milliseconds(100) }
        let silent = try Self.proxied(gateway)
        try silent.send("PROXY TCP4 203.0")
        #expect(try silent.readToEnd().isEmpty)
        let watcher = try TestConnection(to: gateway.address)
        #expect(try watcher.reached(.handshakeTime) == 1)
        let connection = try Self.proxied(gateway)
        try connection.send(Self.line + Self.request)
        #expect(try connection.answer().status == 200)
    }

    @Test("from anybody else it is a bad request, and a connection without it is what it always was")
    func isForProxiesOnly() throws {
        let gateway = try Self.gateway()
        let stranger = try TestConnection(to: gateway.address, from: "127.0.0.3")
        try stranger.send(Self.line + Self.request)
        #expect(try stranger.answer().status == 400)
        #expect(try TestConnection(to: gateway.address).ask("GET", "/healthz").status == 200)
    }

    @Test("the connection is its client's: it is counted there, and the next is told 429")
    func countsClient() throws {
        let gateway = try Self.gateway { $0.doors.connectionsPerAddress = 1 }
        let first = try Self.proxied(gateway)
        try first.send(Self.line + Self.request)
        #expect(try first.answer().status == 200)
        let second = try Self.proxied(gateway)
        try second.send(Self.line)
        try second.refusal().expectRefusal(429)
        let other = try Self.proxied(gateway)
        try other.send("PROXY TCP4 203.0.113.8 192.0.2.1 40000 443\r\n" + Self.request)
        #expect(try other.answer().status == 200)
        #expect(try other.reached(.connectionsPerAddress) == 1)
    }
}
