import Chat
import ChatProtocol
import TestKit
import Testing

@testable import Gateway

@Suite("A slow reader costs bounded memory, gets everything or is told what not, and nobody else notices")
struct SlowReaderTests {
    private static let body = String(repeating: "x", count: 30_000)

    /// Publishes that many long bodies and waits for the acknowledgements.
    private func publish(_ count: Int, from first: Int = 1, by client: TestClient, in room: String) throws {
        for number in first..<(first + count) {
            let draft = #"{"room":"\#(room)","clientId":"\#(number)","body":"\#(Self.body)"}"#
            #expect(try client.ask("publish", draft)["time"] != nil)
        }
    }

    private func gateway(_ change: (inout ServerConfiguration) -> Void = { _ in }) throws -> TestGateway {
        try TestGateway(workers: 1) {
            $0.limits.announced.queueBytes = 128 * 1_024
            change(&$0)
        }
    }

    private func figure(_ name: String, of gateway: TestGateway) throws -> Double {
        let text = try TestConnection(to: gateway.address).ask("GET", "/metrics").text
        return try PrometheusText.parse(text)[name]?.samples.reduce(0) { $0 + $1.value } ?? 0
    }

    @Test("stored: every publication arrives, or lies in a range that a skip announced, in order")
    func skips() throws {
        let gateway = try gateway()
        let neighbour = try Neighbour(of: gateway)
        let slow = try TestClient(to: gateway, receiveBuffer: 65_536)
        try slow.connect("slow", rooms: #"[{"room":"loud","events":[]}]"#)
        let loud = try gateway.client("loud")
        let count = 300
        try publish(count, by: loud, in: "loud")
        try neighbour.isUndisturbed()
        var position: Int64 = 0
        var skipped: Int64 = 0
        while position < Int64(count) {
            let message = try slow.message()
            if let publication = message["publication"] {
                #expect(publication["offset"] == .number(position + 1))
                #expect(publication["body"] == .string(Self.body))
                position += 1
            } else {
                let skip = try #require(message["skip"])
                #expect(skip["from"] == .number(position + 1))
                let to = try #require(skip["to"]?.number)
                skipped += to - position
                position = to
            }
        }
        // 9 MB were said; the queue holds 128 KiB and the kernel a few MiB.
        #expect(skipped > 0)
        #expect(try figure("parley_skips_total", of: gateway) >= 1)
        try publish(1, from: count + 1, by: loud, in: "loud")
        #expect(try slow.message()["publication"]?["offset"] == .number(Int64(count + 1)))
    }

    @Test("ephemeral: what does not fit is left out, the rest arrives whole, and the session lives on")
    func leavesOut() throws {
        let gateway = try gateway()
        let neighbour = try Neighbour(of: gateway)
        let slow = try TestClient(to: gateway, receiveBuffer: 65_536)
        try slow.connect("slow", rooms: #"[{"room":"live:loud","events":[]}]"#)
        let loud = try gateway.client("loud")
        let count = 300
        try publish(count, by: loud, in: "live:loud")
        try neighbour.isUndisturbed()
        // Its ping is answered behind what was queued for it.
        try slow.send(#"{"id":99,"ping":{}}"#)
        var heard: [Int] = []
        while true {
            let message = try slow.message()
            if message["id"] == .number(99) { break }
            let publication = try #require(message["publication"])
            #expect(publication["body"] == .string(Self.body))
            heard.append(try #require(publication["clientId"]?.text.flatMap { Int($0) }))
        }
        #expect(heard == heard.sorted() && Set(heard).count == heard.count && heard.count < count)
    }

    @Test("all queues together have a budget: beyond it the longest slow are dropped, and nobody else")
    func keepsBudget() throws {
        let gateway = try gateway { $0.limits.allQueuesBytes = 300 * 1_024 }
        let neighbour = try Neighbour(of: gateway)
        let slow = try (1...4).map { number in
            let client = try TestClient(to: gateway, receiveBuffer: 65_536)
            try client.connect("slow\(number)", rooms: #"[{"room":"loud","events":[]}]"#)
            return client
        }
        let loud = try gateway.client("loud")
        let before = try figure("parley_sessions", of: gateway)
        try publish(300, by: loud, in: "loud")
        try neighbour.isUndisturbed()
        // Each queue holds more than 128 KiB: two stay within the budget, not four.
        let dropped = try figure("parley_sessions_dropped_total", of: gateway)
        #expect((1...3).contains(Int(dropped)))
        #expect(try gateway.reached(.allQueuesBytes) == dropped)
        #expect(try figure("parley_queued_bytes", of: gateway) <= 300 * 1_024 + 160 * 1_024)
        #expect(try figure("parley_sessions", of: gateway) == before - dropped)
        withExtendedLifetime(slow) {}
    }

    @Test("who reads nothing for too long is closed with 4008 after what was queued")
    func closes() throws {
        let gateway = try gateway { $0.limits.slowTimeout = .milliseconds(200) }
        let slow = try TestClient(to: gateway, receiveBuffer: 65_536)
        try slow.connect("slow", rooms: #"[{"room":"loud","events":[]}]"#)
        try publish(300, by: try gateway.client("loud"), in: "loud")
        while try figure("parley_disconnects_total", of: gateway) == 0 {}
        #expect(try gateway.reached(.queueBytes) >= 1)
        #expect(try slow.close().code == 4008)
    }

    @Test("a burst of one turn beyond the limit harms nobody who reads: nothing is skipped")
    func toleratesBursts() throws {
        let gateway = try TestGateway(workers: 1) { $0.limits.announced.queueBytes = 4_096 }
        let quick = try gateway.client("quick", rooms: #"[{"room":"live:loud","events":[]}]"#)
        let loud = try gateway.client("loud")
        let body = String(repeating: "y", count: 1_000)
        // One frame with many commands: all of it is told within one turn, twice
        // the limit, and the kernel takes it at once.
        for _ in 0..<20 {
            let lines = (0..<10).map { #"{"publish":{"room":"live:loud","body":[\#($0),"\#(body)"]}}"# }
            try loud.send(lines.joined(separator: "\n"))
            for number in 0..<10 {
                let heard = try quick.message(with: "publication")
                #expect(heard["body"]?.elements.first == .number(Int64(number)))
            }
        }
        #expect(try figure("parley_skips_total", of: gateway) == 0)
    }
}
