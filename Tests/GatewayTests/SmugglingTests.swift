import Chat
import ChatProtocol
import TestKit
import Testing

@testable import Gateway

/// Goal: two readers of the same bytes never see two different requests. Method: every refused vector of
/// `protocol/vectors/http-requests.json` over a real socket, with a request behind it that would be answered
/// by whoever went on reading.
@Suite("A live gateway closes behind a refused request, and answers nothing of what follows")
struct SmugglingTests {
    struct Vector: Decodable, CustomTestStringConvertible, Sendable {
        struct Event: Decodable, Sendable { var status: Int? }
        struct Limits: Decodable, Sendable {}

        var name, input: String
        var events: [Event]
        var limits: Limits?

        var testDescription: String { name }
    }

    @Test("no smuggled request is answered")
    func refusesSmuggled() throws {
        // Bodies of 1,024 bytes, as in the vectors.
        let gateway = try TestGateway(workers: 1) { $0.limits.announced.bodyBytes = 0 }
        let neighbour = try TestConnection(to: gateway.address)
        let smuggled = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
        var played = 0
        for vector in Vectors.load("http-requests", as: Vector.self) where vector.limits == nil {
            guard let status = vector.events.last?.status else { continue }
            played += 1
            let connection = try TestConnection(to: gateway.address)
            try connection.send(vector.input + smuggled)
            for _ in vector.events.dropLast() {
                // The vectors' host is none of this server's.
                #expect([100, 403].contains(try connection.answer().status), "\(vector)")
            }
            let refused = try connection.answer()
            #expect(refused.status == status && refused["Connection"] == "close", "\(vector)")
            #expect(refused.text.hasSuffix(".\n") && refused.text.count > 20, "\(vector)")
            #expect(try connection.readToEnd() == [], "\(vector)")
        }
        #expect(played >= 120)
        #expect(try neighbour.ask("GET", "/healthz").status == 200)
    }
}
