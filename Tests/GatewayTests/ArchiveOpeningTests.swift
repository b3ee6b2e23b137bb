import ArchivePostgres
import Glibc
import TestKit
import TestServers
import Testing

@testable import Gateway

@Suite("An archive in Postgres, from the command line and as a running server", .timeLimit(.minutes(3)))
struct ArchiveOpeningTests {
    @Test("migrate makes the schema and is then content; new-epoch begins a generation; a password is not shown")
    func maintains() throws {
        let url = try PostgresServer.shared.makeDatabase()
        let masked = try PostgresTarget(url).description
        let first = try TestProgram.run(["migrate", "--archive", url])
        #expect(first.status == 0 && first.output.hasPrefix("\(masked): schema 0 to "), "\(first.complaint)")
        let second = try TestProgram.run(["migrate", "--archive", url])
        #expect(second.output.hasPrefix("\(masked) is up to date (schema "))
        let epoch = try TestProgram.run(["new-epoch", "--archive", url])
        #expect(epoch.output == "\(masked): generation 2 begins.\n", "\(epoch.complaint)")
    }

    @Test("a database that is not there is a sentence and status 1", arguments: ["migrate", "new-epoch"])
    func refuses(_ command: String) throws {
        let url = try PostgresServer.shared.url(database: "missing")
        let outcome = try TestProgram.run([command, "--archive", url])
        #expect(outcome.status == 1 && outcome.output.isEmpty)
        #expect(outcome.complaint.hasPrefix("parley: ") && outcome.complaint.contains("missing"))
    }

    @Test("away at the start it serves, red and with the reason; it turns green when Postgres comes")
    func waitsForTheServer() throws {
        let server = try PostgresServer()
        defer { try? server.kill9() }
        let target = try PostgresTarget(try server.makeDatabase())
        try server.stop()
        let gateway = try TestGateway { $0.archive = .postgres(target) }
        let connection = try TestConnection(to: gateway.address)
        #expect(try connection.ask("GET", "/healthz").status == 200)
        let red = try connection.ask("GET", "/readyz")
        #expect(red.status == 503 && red.text.hasPrefix("not ready: "), "\(red.text)")
        #expect(try connection.ask("GET", "/metrics").text.contains("\nparley_archive_healthy 0\n"))
        try server.start()
        var green = try connection.ask("GET", "/readyz")
        let deadline = time(nil) + 30
        while green.status != 200, time(nil) < deadline { green = try connection.ask("GET", "/readyz") }
        #expect(green.status == 200 && green.text.hasPrefix("ready\n"), "\(green.text)")
        let ada = try gateway.client("ada", rooms: #"[{"room":"hall","events":[]}]"#)
        let stored = try ada.ask("publish", #"{"room":"hall","clientId":"1","body":1}"#)
        #expect(stored["offset"] == .number(1))
        try gateway.stop()
    }
}
