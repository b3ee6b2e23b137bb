import TestKit
import Testing

@testable import Gateway

@Suite("HTTPConnections: every call gets its own answer, whoever else waits or has gone")
struct HTTPConnectionsTests {
    private static let type = [("Content-Type", "application/json")]

    @Test("calls that wait for the archive at once are answered each on its own connection")
    func answersEachItsOwn() throws {
        let gateway = try TestGateway(workers: 1)
        let connections = try (0..<20).map { _ in try TestConnection(to: gateway.address) }
        for (number, connection) in connections.enumerated() {
            try connection.request(
                "POST", "/api/v1/rooms/room\(number)/publications", fields: Self.type,
                body: #"{"clientId":"\#(number)","body":\#(number)}"#)
        }
        for connection in connections {
            let stored = try JSONValue(parsing: connection.answer().text)
            #expect(stored["offset"] == .number(1))
        }
        for (number, connection) in connections.enumerated() {
            let page = try JSONValue(
                parsing: connection.ask("GET", "/api/v1/rooms/room\(number)/publications").text)
            #expect(page["publications"]?.elements.map { $0["body"] } == [.number(Int64(number))])
        }
    }

    @Test("a caller that has gone before its answer harms nobody, and its draft is stored all the same")
    func survivesTheGone() throws {
        let gateway = try TestGateway(workers: 1)
        let neighbour = try Neighbour(of: gateway)
        for number in 1...20 {
            // The connection is reset while the archive is asked.
            try TestConnection(to: gateway.address).request(
                "POST", "/api/v1/rooms/hall/publications", fields: Self.type,
                body: #"{"clientId":"\#(number)","body":1}"#)
        }
        try neighbour.isUndisturbed()
        let client = try gateway.client("guest", rooms: #"[{"room":"hall","tail":1,"events":[]}]"#)
        while try client.ask("history", #"{"room":"hall","limit":1}"#)["head"] != .number(20) {}
    }
}
