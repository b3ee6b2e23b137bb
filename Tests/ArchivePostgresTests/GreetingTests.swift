import TestServers
import Testing

@testable import ArchivePostgres

@Suite("What a connection must find")
struct GreetingTests {
    private func judge(
        standby: Bool = false, readOnly: Bool = false, asynchronous: Bool = false, version: Int64 = 1
    ) -> PostgresStoreError? {
        let verdict = Greeting.judge(
            isStandby: standby, isReadOnly: readOnly, isAsynchronous: asynchronous, version: version)
        if case .failure(let error) = verdict { return error }
        return nil
    }

    @Test("a primary that writes, waits for its disk and has our schema is used; anything else is named")
    func judges() {
        #expect(judge() == nil)
        #expect(judge(standby: true, readOnly: true) == .standby)
        #expect(judge(readOnly: true) == .readOnly)
        #expect(judge(asynchronous: true) == .asynchronousCommit)
        #expect(judge(version: 2) == .newer(version: 2, known: 1))
        #expect(judge(version: 0) == .older(version: 0, known: 1))
    }

    @Test("a configuration loaded again does not loosen the commits of a connection in use")
    func keepsItsWord() throws {
        let server = try PostgresServer()
        let harness = try PostgresHarness(on: server)
        try harness.run { harness.store.isHealthy }
        let session = try Session(harness)
        #expect(try !session.ask(Queries.greeting, []).bool(0, 2))
        for change in ["synchronous_commit = off", "work_mem = '5MB'"] {
            try server.psql("alter system set \(change)", database: "postgres")
        }
        try server.psql("select pg_reload_conf()", database: "postgres")
        func setting(_ name: String) throws -> String {
            let sql = "select current_setting('\(name)')"
            return try session.ask(PostgresStatement(name: name, sql: sql), []).text(0, 0)
        }
        // The session has loaded it when its neighbour has changed.
        while try setting("work_mem") != "5MB" {}
        #expect(try setting("synchronous_commit") == "on")
    }
}
