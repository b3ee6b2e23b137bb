import Glibc
import TestServers
import Testing

@Suite("a Postgres for the tests")
struct PostgresServerTests {
    @Test("every test gets an empty database of its own")
    func databases() throws {
        let server = try PostgresServer.shared
        let (one, other) = (try server.makeDatabase(), try server.makeDatabase())
        #expect(one != other && one.hasPrefix("postgres://postgres@127.0.0.1:\(server.port)/"))
        let name = String(one.split(separator: "/").last!)
        try server.psql("create table t (a int); insert into t values (1)", database: name)
        #expect(try server.psql("select a, a + 1 from t", database: name) == "1|2")
        #expect(throws: TestServerError.self) {
            try server.psql("select a from t", database: String(other.split(separator: "/").last!))
        }
    }

    @Test("it writes through to the disk, and what was committed outlives a kill")
    func survivesKill() throws {
        let server = try PostgresServer()
        #expect(try server.psql("show fsync", database: "postgres") == "on")
        try server.psql("create table t (a int); insert into t values (7)", database: "postgres")
        try server.kill9()
        #expect(server.processNumber == nil)
        #expect(throws: TestServerError.self) { try server.psql("select 1", database: "postgres") }
        try server.start()
        #expect(try server.psql("select a from t", database: "postgres") == "7")
        try server.stop()
        #expect(server.log.contains("database system is shut down"))
        try server.start()
        #expect(try server.psql("select a from t", database: "postgres") == "7")
    }

    @Test("its doors can be changed while it runs")
    func access() throws {
        let server = try PostgresServer()
        try server.setAccess(["host all all 127.0.0.1/32 reject"])
        let rules = "select string_agg(type || ' ' || auth_method, ',' order by line_number)"
        #expect(
            try server.psql(rules + " from pg_hba_file_rules", database: "postgres")
                == "local trust,host reject")
    }
}
