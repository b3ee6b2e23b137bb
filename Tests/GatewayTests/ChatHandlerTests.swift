import Chat
import ChatProtocol
import TestKit
import Testing
import WebSocket

@testable import Gateway

@Suite("/ws: a message is commands, or the end of its session alone")
struct ChatHandlerTests {
    private func figure(_ series: String, of gateway: TestGateway) throws -> Double {
        let text = try TestConnection(to: gateway.address).ask("GET", "/metrics").text
        let line = text.split(separator: "\n").first { $0.hasPrefix(series + " ") }
        return line.flatMap { Double($0.split(separator: " ")[1]) } ?? 0
    }

    @Test("a binary message is closed with 1003")
    func refusesBinary() throws {
        let gateway = try TestGateway(workers: 1)
        let client = try gateway.client("ada")
        try client.send(.binary, Array("{}".utf8))
        let close = try client.close()
        #expect(close.code == 1003 && close.reason.contains("text frames only"))
    }

    @Test("what is not JSON ends the session once, counted once, and nothing behind it is carried out")
    func refusesWhatIsNotTheProtocol() throws {
        let gateway = try TestGateway(workers: 1)
        let neighbour = try Neighbour(of: gateway)
        let client = try gateway.client("ada")
        let publish = #"{"publish":{"room":"quiet","clientId":"late","body":1}}"#
        try client.send("nonsense\n" + publish)
        let close = try client.close()
        #expect(close.code == DisconnectCode.badFrame.rawValue && close.reason.contains("reason"))
        #expect(try client.next() == .ended)
        // The neighbour hears what is published there: nothing was.
        try neighbour.isUndisturbed()
        #expect(try figure(#"parley_disconnects_total{reason="badFrame"}"#, of: gateway) == 1)
    }

    @Test("answers that wait to leave hold the rest of a message back, and none is lost")
    func holdsBack() throws {
        let gateway = try TestGateway(workers: 1) { $0.limits.announced.queueBytes = 4_096 }
        let client = try gateway.client("ada")
        let count: Int64 = 500
        let lines = (1...count).map { #"{"id":\#($0 + 100),"ping":{}}"# }
        try client.send(lines.joined(separator: "\n"))
        for number in 1...count {
            #expect(try client.message()["id"] == .number(number + 100))
        }
    }
}
