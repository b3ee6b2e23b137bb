import Foundation
import TestKit
import Testing
import WebSocket

@testable import Gateway

@Suite(
    "parley serve, as a process: it drains, refuses to serve twice, and forgets nothing",
    .timeLimit(.minutes(3)))
struct ServerTests {
    private let folder: TestFolder

    init() throws { folder = try TestFolder() }

    private func start(_ arguments: [String] = []) throws -> TestProgram {
        try TestProgram(
            ["--listen", "127.0.0.1:0", "--archive", "sqlite:" + folder.path("chat.db"), "--workers", "2"]
                + arguments)
    }

    @Test(
        "SIGTERM: goaway, every acknowledgement, close 4001 with a time to come back, exit 0",
        arguments: [SIGTERM, SIGINT])
    func drains(_ signal: Int32) throws {
        let program = try start()
        let address = try program.address()
        let clients = try (0..<6).map { number in
            let client = try TestClient(to: address)
            try client.connect("user\(number)", rooms: #"[{"room":"hall","events":[]}]"#)
            return client
        }
        let idle = try TestConnection(to: address)
        #expect(try idle.ask("GET", "/readyz").text == "ready\n")
        program.signal(signal)
        for client in clients {
            let goaway = try client.message()["goaway"]
            let afterMs = try #require(goaway?["afterMs"]?.number)
            #expect((1_000..<2_000).contains(afterMs))
            let close = try client.close()
            #expect(close.code == 4001)
            #expect(try JSONValue(parsing: close.reason) == .object(["afterMs": .number(afterMs)]))
            try client.send(.close, [0x0F, 0xA1])
        }
        #expect(try idle.readToEnd() == [])
        let (status, log) = try program.end()
        #expect(status == 0)
        #expect(log.contains("draining") && log.contains("stopped"))
    }

    @Test("a drain waits for nobody who does not read: it ends by itself, still with 0")
    func drainsTheDeaf() throws {
        let program = try start()
        let address = try program.address()
        let deaf = try TestClient(to: address)
        try deaf.connect("deaf")
        program.signal(SIGTERM)
        #expect(try program.end().status == 0)
        #expect(try deaf.close().code == 4001)
    }

    @Test("SIGTERM that is faster than the workers' start ends the server all the same, with 0")
    func drainsWhileStarting() throws {
        for _ in 0..<5 { #expect(try TestGateway.statusStoppedWhileStarting(workers: 8) == 0) }
    }

    @Test("a second SIGTERM ends at once, with 1")
    func stopsAtOnce() throws {
        let program = try start()
        let stubborn = try TestClient(to: try program.address())
        try stubborn.connect("stubborn")
        program.signal(SIGTERM)
        #expect(try stubborn.close().code == 4001)
        program.signal(SIGTERM)
        let (status, log) = try program.end()
        #expect(status == 1 && log.contains("stopping at once"))
    }

    @Test("a second server on the same port exits 1 and says what to do, and the first goes on")
    func refusesTakenPorts() throws {
        let program = try start()
        let address = try program.address()
        let second = try TestProgram.run(["serve", "--listen", "\(address)", "--archive", "memory:"])
        #expect(second.status == 1)
        #expect(second.complaint.contains("something else listens there already"))
        #expect(second.complaint.contains("--listen"))
        #expect(try TestConnection(to: address).ask("GET", "/healthz").status == 200)
    }

    @Test("a second server on the same archive exits 1, and the first goes on")
    func refusesTakenArchives() throws {
        let program = try start()
        let address = try program.address()
        let second = try TestProgram.run(
            ["serve", "--listen", "127.0.0.1:0", "--archive", "sqlite:" + folder.path("chat.db")])
        #expect(second.status == 1 && second.complaint.hasPrefix("parley: "))
        #expect(try TestConnection(to: address).ask("GET", "/readyz").status == 200)
    }

    @Test(
        "kill -9 at any moment: what was acknowledged is there after a restart, and a retry settles the rest")
    func survivesKills() throws {
        var program = try start()
        let ada = try TestClient(to: try program.address())
        let room = try ada.connect("ada", rooms: #"[{"room":"hall","events":[]}]"#)["rooms"]?.elements.first
        let epoch = try #require(room?["epoch"])
        for number in 1...200 {
            let draft = #"{"room":"hall","clientId":"\#(number)","body":\#(number)}"#
            try ada.send(#"{"id":\#(1_000 + number),"publish":\#(draft)}"#)
        }
        // Some are acknowledged, the others are under way.
        var acknowledged: [Int64: Int64] = [:]
        while acknowledged.count < 50 {
            let message = try ada.message()
            guard let id = message["id"]?.number else { continue }
            acknowledged[id - 1_000] = try #require(message["ok"]?["offset"]?.number)
        }
        program.signal(SIGKILL)
        #expect(try program.end().status == -SIGKILL)

        program = try start()
        let back = try TestClient(to: try program.address())
        let again = try back.connect(
            "ada", rooms: #"[{"room":"hall","since":{"epoch":\#(epoch),"offset":0},"events":[]}]"#)
        let kept = try #require(again["rooms"]?.elements.first?["publications"]?.elements)
        #expect(again["rooms"]?.elements.first?["recovered"] == .bool(true))
        #expect(kept.compactMap { $0["offset"]?.number } == (1...Int64(kept.count)).map { $0 })
        for (number, offset) in acknowledged {
            #expect(kept[Int(offset) - 1]["clientId"] == .string("\(number)"))
        }
        for number in 1...200 {
            let settled = try back.ask(
                "publish", #"{"room":"hall","clientId":"\#(number)","body":\#(number)}"#)
            let wasKept = kept.contains { $0["clientId"] == .string("\(number)") }
            #expect((settled["repeat"] == .bool(true)) == wasKept)
        }
        #expect(try back.ask("history", #"{"room":"hall","limit":1}"#)["head"] == .number(200))
    }
}
