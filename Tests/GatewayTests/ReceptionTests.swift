import TestKit
import Testing

@testable import Gateway

/// Each limit with real sockets: who is beyond it hears so, it is counted, and who is within goes on.
@Suite("The door: how many come in, and how fast", .timeLimit(.minutes(2)))
struct ReceptionTests {
    @Test("the process takes so many connections: the next is told 503 before it asks, and room comes back")
    func limitsProcess() throws {
        let gateway = try TestGateway { $0.doors.connections = 3 }
        let client = try gateway.client("ada", rooms: #"[{"room":"hall","events":[]}]"#)
        let first = try TestConnection(to: gateway.address)
        #expect(try first.ask("GET", "/healthz").status == 200)
        do {
            let second = try TestConnection(to: gateway.address)
            #expect(try second.ask("GET", "/healthz").status == 200)
            for _ in 0..<3 {
                let refused = try TestConnection(to: gateway.address).refusal()
                refused.expectRefusal(503)
                #expect(refused["Connection"] == "close")
            }
            #expect(try first.reached(.connections) == 3)
            _ = try client.ask("publish", #"{"room":"hall","clientId":"1","body":1}"#)
            #expect(try client.message(with: "publication")["offset"] == .number(1))
        }
        while try first.figure("parley_connections") > 2 {}
        #expect(try TestConnection(to: gateway.address).ask("GET", "/healthz").status == 200)
    }

    @Test("an address has so many connections: its next is told 429, and another address comes in")
    func limitsAddress() throws {
        let gateway = try TestGateway { $0.doors.connectionsPerAddress = 2 }
        let mine = try (0..<2).map { _ in try TestConnection(to: gateway.address, from: "127.0.0.2") }
        for connection in mine { #expect(try connection.ask("GET", "/healthz").status == 200) }
        try TestConnection(to: gateway.address, from: "127.0.0.2").refusal().expectRefusal(429)
        let other = try TestConnection(to: gateway.address, from: "127.0.0.3")
        #expect(try other.ask("GET", "/healthz").status == 200)
        #expect(try other.reached(.connectionsPerAddress) == 1)
        #expect(try mine[0].ask("GET", "/healthz").status == 200)
        withExtendedLifetime(gateway) {}
    }

    /// A token comes back in a second: on a slow day more than one handshake may pass.
    private func untilRefused(_ shake: () throws -> HTTPAnswer) throws -> HTTPAnswer {
        for _ in 0..<50 {
            let answer = try shake()
            if answer.status == 429 || answer.status == 503 { return answer }
        }
        throw TestConnection.Failure(what: "fifty handshakes were taken")
    }

    @Test("handshakes of one address: 429 on that request, the connection stays, another address comes in")
    func limitsHandshakesOfAddress() throws {
        let gateway = try TestGateway {
            $0.doors.handshakesPerAddress = 1
            $0.doors.handshakeAddressBurst = 1
        }
        var connection = try TestConnection(to: gateway.address, from: "127.0.0.2")
        let refused = try untilRefused {
            connection = try TestConnection(to: gateway.address, from: "127.0.0.2")
            return try connection.shakeHands()
        }
        refused.expectRefusal(429)
        #expect(try connection.ask("GET", "/healthz").status == 200)
        #expect(try connection.reached(.handshakesPerAddress) >= 1)
        let other = try TestConnection(to: gateway.address, from: "127.0.0.3")
        #expect(try other.shakeHands().status == 101)
        withExtendedLifetime(gateway) {}
    }

    @Test("a page that asks by plain HTTP why its handshake was refused hears the same reason")
    func tellsWhy() throws {
        let gateway = try TestGateway {
            $0.doors.handshakesPerAddress = 1
            $0.doors.handshakeAddressBurst = 1
        }
        #expect(try TestConnection(to: gateway.address).ask("GET", "/ws").status != 429)
        let why = try untilRefused {
            let connection = try TestConnection(to: gateway.address)
            let answer = try connection.shakeHands()
            return answer.status == 429 ? try connection.ask("GET", "/ws") : answer
        }
        why.expectRefusal(429)
        withExtendedLifetime(gateway) {}
    }

    @Test("handshakes of everybody: 503 on that request, the connection stays, sessions go on")
    func limitsHandshakes() throws {
        let gateway = try TestGateway {
            $0.doors.handshakesPerSecond = 1
            $0.doors.handshakeBurst = 1
        }
        let client = try gateway.client("ada")
        var connection = try TestConnection(to: gateway.address)
        try untilRefused {
            connection = try TestConnection(to: gateway.address)
            return try connection.shakeHands()
        }.expectRefusal(503)
        #expect(try connection.ask("GET", "/healthz").status == 200)
        #expect(try connection.reached(.handshakes) >= 1)
        #expect(try client.ask("publish", #"{"room":"r","clientId":"1","body":1}"#)["offset"] == .number(1))
        withExtendedLifetime(gateway) {}
    }

    @Test("behind a proxy its clients are counted, each for himself, and the proxy never")
    func countsClients() throws {
        let gateway = try TestGateway {
            $0.proxies = .trusting("127.0.0.2")
            $0.doors.connectionsPerAddress = 1
        }
        func proxied() throws -> TestConnection { try TestConnection(to: gateway.address, from: "127.0.0.2") }
        func client(_ address: String) -> [(String, String)] { [("X-Forwarded-For", address)] }
        let (first, second, third) = (try proxied(), try proxied(), try proxied())
        #expect(try first.shakeHands(client("203.0.113.1")).status == 101)
        let refused = try second.shakeHands(client("203.0.113.1"))
        refused.expectRefusal(429)
        #expect(try second.reached(.connectionsPerAddress) == 1)
        #expect(try second.shakeHands(client("198.51.100.1, 203.0.113.2")).status == 101)
        #expect(try third.shakeHands(client("198.51.100.1, 203.0.113.1")).status == 429)
        // What cannot be read is counted as the proxy's own, so that nobody escapes by it.
        #expect(try third.shakeHands(client("203.0.113.3, what")).status == 101)
        let fourth = try proxied()
        #expect(try fourth.shakeHands(client("nonsense")).status == 429)
        #expect(try fourth.figure("parley_proxy_faults_total", ("kind", "field")) == 2)
        withExtendedLifetime(gateway) {}
    }

    @Test("what a stranger writes of his address is nothing: his connections are his")
    func believesNobody() throws {
        let gateway = try TestGateway {
            $0.proxies = .trusting("127.0.0.2")
            $0.doors.connectionsPerAddress = 1
        }
        let stranger = try TestConnection(to: gateway.address, from: "127.0.0.3")
        #expect(try stranger.ask("GET", "/healthz", fields: [("X-Forwarded-For", "1.1.1.1")]).status == 200)
        try TestConnection(to: gateway.address, from: "127.0.0.3").refusal().expectRefusal(429)
    }

    @Test("a connection that is gone gives its place back, however it went")
    func givesBack() throws {
        let gateway = try TestGateway(workers: 1) { $0.doors.connectionsPerAddress = 1 }
        let watcher = try TestConnection(to: gateway.address, from: "127.0.0.9")
        for round in 0..<4 {
            do {
                let connection = try TestConnection(to: gateway.address, from: "127.0.0.2")
                if round == 1 { #expect(try connection.shakeHands().status == 101) }
                if round == 2 { try connection.send("NONSENSE\r\n\r\n") }
                if round == 3 { #expect(try connection.ask("GET", "/healthz").status == 200) }
                if round == 2 { _ = try connection.readToEnd() }
            }
            while try watcher.figure("parley_connections") > 1 {}
        }
        #expect(try watcher.reached(.connectionsPerAddress) == 0)
        withExtendedLifetime(gateway) {}
    }
}
