import Foundation
import Logging
import TestKit
import Testing

@testable import Gateway

@Suite("Names in the log: what belongs together is found together, and nothing of it is secret")
struct LogNamesTests {
    @Test("a session's name in the log is a part of its public one, too short to pass for it")
    func abbreviates() {
        let connection = ConnectionID(worker: 3, number: 71)
        let names = LogNames(connection: connection, session: "3w5e.3.17.AbC-_fGhIjKlMnOp")
        #expect(names.session == "17.AbC-_f")
        #expect(names.metadata == ["connection": "3-1z", "session": "17.AbC-_f"])
        #expect(names.metadata(["reason": "slow"])["reason"] == "slow")
        #expect(LogNames(connection: connection, session: "none").session == "-")
    }

    /// A server that logs everything, its lines as objects, and what a client did meanwhile.
    private static func lines(_ act: (TestProgram) throws -> Void) throws -> [[String: String]] {
        let program = try TestProgram(
            [
                "--listen", "127.0.0.1:0", "--archive", "memory:", "--workers", "2", "--log-level", "trace",
                "--log-format", "json",
            ])
        try act(program)
        program.signal(SIGTERM)
        let (status, log) = try program.end()
        #expect(status == 0)
        return try log.split(separator: "\n").map {
            try JSONDecoder().decode([String: String].self, from: Data($0.utf8))
        }
    }

    @Test("every line of a session bears its name, from its opening to the end of its connection")
    func followsASession() throws {
        var session = ""
        let lines = try Self.lines { program in
            let client = try TestClient(to: try program.address())
            let reply = try client.connect("ada", rooms: #"[{"room":"hall","events":[]}]"#)
            session = reply["session"]?.text ?? ""
            _ = try client.ask("publish", #"{"room":"hall","clientId":"1","body":"body-never-logged"}"#)
            _ = try client.ask("publish", #"{"room":"hall","clientId":"1","body":"other-never-logged"}"#)
            try client.send("not the protocol")
            #expect(try client.close().code != 1006)
        }
        let own = lines.filter { line in line["session"].map { session.contains($0) } ?? false }
        let messages = own.compactMap { $0["message"] }
        #expect(messages.first == "session opened" && messages.last == "connection closed")
        #expect(messages.contains("connect") && messages.contains("command refused"))
        #expect(own.contains { $0["error"] == "clientIdReused" })
        #expect(Set(own.map { $0["connection"] }).count == 1)
        // The connection is older than its session, and known by the same name.
        let connection = try #require(own.first?["connection"])
        let all = lines.filter { $0["connection"] == connection }.compactMap { $0["message"] }
        #expect(all.prefix(2) == ["connection opened", "request"])
        #expect(!lines.contains { $0.values.contains { $0.contains("never-logged") } })
        #expect(!lines.contains { $0.values.contains { $0.contains(session) } })
    }

    @Test("a REST call bears its caller's name for it, in the answer too; its query and body are not logged")
    func followsACall() throws {
        let path = "/api/v1/rooms/hall/publications"
        var generated: String?
        let lines = try Self.lines { program in
            let connection = try TestConnection(to: try program.address())
            let json = [("Content-Type", "application/json")]
            let kept = try connection.ask(
                "POST", path, fields: json + [("X-Request-Id", "order-7")],
                body: #"{"clientId":"1","body":"body-never-logged"}"#)
            #expect(kept.status == 201 && kept["X-Request-Id"] == "order-7")
            let fresh = try connection.ask(
                "GET", path + "?limit=1&token=query-never-logged", fields: [("X-Request-Id", "two words")])
            #expect(fresh.status == 200)
            generated = fresh["X-Request-Id"]
            // Refusals have one too; what is no REST call has none.
            #expect(try connection.ask("GET", "/api/v2/")["X-Request-Id"]?.isEmpty == false)
            #expect(try connection.ask("GET", "/healthz")["X-Request-Id"] == nil)
        }
        #expect(generated?.utf8.count == 12)
        let calls = lines.filter { $0["message"] == "request" }
        let posted = try #require(calls.first { $0["request"] == "order-7" })
        #expect(posted["status"] == "201" && posted["method"] == "POST" && posted["path"] == path)
        #expect(calls.first { $0["request"] == generated }?["path"] == path)
        #expect(Set(calls.map { $0["connection"] }).count == 1)
        #expect(!lines.contains { $0.values.contains { $0.contains("never-logged") } })
    }

    @Test("by default it tells start and end, and nothing of sessions and calls")
    func isQuiet() throws {
        let program = try TestProgram(["--listen", "127.0.0.1:0", "--archive", "memory:"])
        let client = try TestClient(to: try program.address())
        try client.connect("ada")
        program.signal(SIGTERM)
        _ = try client.close()
        let (_, log) = try program.end()
        #expect(log.contains("starting") && log.contains("version=\(Build.version)"))
        #expect(log.contains("archive=memory:") && log.contains("stopped"))
        #expect(!log.contains("session=") && !log.contains("connection="))
    }
}
