import Glibc
import Networking
import TestServers
import Testing
import Time

@testable import ArchivePostgres

@Suite("connections to Postgres")
struct PostgresConnectionTests {
    private let insert = PostgresStatement(
        name: "insert", sql: "insert into t values ($1::int8) returning a * 2")
    private let all = PostgresStatement(name: "all", sql: "select a from t order by a")
    private let fail = PostgresStatement(name: "fail", sql: "select 1 / $1::int8")

    private func table(_ bench: PostgresBench) throws -> PostgresConnection {
        let connection = try bench.open(PostgresServer.shared.makeDatabase())
        try bench.script(connection, "create table t (a int8 primary key)").get()
        return connection
    }

    private func numbers(_ rows: PostgresRows) -> [Int64] { (0..<rows.count).map { rows.int64($0, 0) } }

    @Test("several calls are under way at once, and each is answered with its own rows, in order")
    func pipelines() throws {
        let bench = try PostgresBench()
        let connection = try table(bench)
        var answers: [(Int, [[Int64]])] = []
        for index in 0..<200 {
            let number = PostgresValue.int64(Int64(index))
            connection.run([(insert, [number]), (all, [])]) { result in
                answers.append((index, (try? result.get())?.map(numbers) ?? []))
            }
        }
        #expect(answers.isEmpty)
        try bench.run { answers.count == 200 }
        for (place, (index, rows)) in answers.enumerated() {
            #expect(index == place)
            #expect(rows == [[Int64(2 * index)], (0...index).map(Int64.init)])
        }
        connection.close()
        #expect(bench.endings.isEmpty && bench.loop.descriptorCount == 1)
    }

    @Test("an error rolls back its own call, and no other")
    func errors() throws {
        let bench = try PostgresBench()
        let connection = try table(bench)
        var results: [Result<[PostgresRows], PostgresError>] = []
        func run(_ statements: [(PostgresStatement, [PostgresValue])]) {
            connection.run(statements) { results.append($0) }
        }
        // The statement behind the error is prepared there for the first time: that fails with it, and must
        // not be relied on by those that follow.
        run([(insert, [.int64(1)])])
        run([(insert, [.int64(2)]), (fail, [.int64(0)]), (all, [])])
        run([(all, [])])
        run([(insert, [.int64(3)]), (insert, [.int64(1)])])
        run([(fail, [.int64(1)]), (all, [])])
        try bench.run { results.count == 5 }
        #expect(results.map { $0.failure?.sqlState } == [nil, "22012", nil, "23505", nil])
        #expect(try numbers(results[2].get()[0]) == [1])
        #expect(try results[4].get().map(numbers) == [[1], [1]])
        guard case .server(_, let message, let detail)? = results[3].failure else { return }
        #expect(message.contains("duplicate key") && detail == "Key (a)=(1) already exists.")
        // And it goes on.
        #expect(try bench.ask(connection, [(all, [])]).get()[0].count == 1)
        connection.close()
    }

    @Test("an error that only the commit finds is the call's error")
    func commitFails() throws {
        let bench = try PostgresBench()
        let connection = try table(bench)
        let sql = "create table child (a int8 references t deferrable initially deferred)"
        try bench.script(connection, sql).get()
        let orphan = PostgresStatement(name: "orphan", sql: "insert into child values ($1)")
        let result = try bench.ask(connection, [(insert, [.int64(1)]), (orphan, [.int64(9)])])
        #expect(result.failure?.sqlState == "23503")
        #expect(try bench.ask(connection, [(all, [])]).get()[0].count == 0)
        connection.close()
    }

    @Test("a statement that cannot be prepared is an error of its call, each time")
    func malformed() throws {
        let bench = try PostgresBench()
        let connection = try table(bench)
        let wrong = PostgresStatement(name: "wrong", sql: "select nothing from nowhere")
        #expect(try bench.ask(connection, [(wrong, []), (all, [])]).failure?.sqlState == "42P01")
        #expect(try bench.ask(connection, [(wrong, [])]).failure?.sqlState == "42P01")
        #expect(try bench.ask(connection, [(all, [])]).get()[0].count == 0)
        #expect(try bench.ask(connection, []).get().isEmpty)
        connection.close()
    }

    @Test("a script is one transaction, its error is told, and pipelines go on after it")
    func scripts() throws {
        let bench = try PostgresBench()
        let connection = try table(bench)
        let result = try bench.script(connection, "insert into t values (1); select 1 / 0; select 2")
        #expect(result.failure?.sqlState == "22012")
        #expect(try bench.ask(connection, [(all, [])]).get()[0].count == 0)
        try bench.script(connection, "insert into t values (1); insert into t values (2)").get()
        #expect(try numbers(bench.ask(connection, [(all, [])]).get()[0]) == [1, 2])
        // Right inside a completion, where a pipeline has only just ended.
        var isDone = false
        connection.run([(all, [])]) { _ in
            connection.runScript("delete from t") { _ in
                connection.run([(self.all, [])]) { isDone = (try? $0.get()[0].count) == 0 }
            }
        }
        try bench.run { isDone }
        connection.close()
    }

    @Test("settings and the application's name reach the server, and its notices reach us")
    func settings() throws {
        let bench = try PostgresBench()
        let connection = try bench.open(
            try PostgresServer.shared.makeDatabase() + "?options=-c%20work_mem%3D7MB",
            settings: ["lock_timeout": "2s", "search_path": "\"a b\", c\\d"])
        var notices: [String] = []
        connection.notice = { notices.append($0) }
        func setting(_ name: String) throws -> String {
            try bench.rows(connection, "select current_setting($1)", [.text(name)]).text(0, 0)
        }
        #expect(try setting("lock_timeout") == "2s")
        #expect(try setting("work_mem") == "7MB")
        #expect(try setting("search_path") == "\"a b\", c\\d")
        #expect(try setting("application_name") == "parley")
        #expect(try setting("client_encoding") == "UTF8")
        try bench.script(connection, "do $$ begin raise warning 'mind the gap'; end $$").get()
        #expect(notices == ["WARNING: mind the gap"])
        connection.close()
    }

    @Test("more than the kernel takes at once goes both ways")
    func large() throws {
        let bench = try PostgresBench()
        let connection = try table(bench)
        let echo = PostgresStatement(name: "echo", sql: "select $1::bytea")
        var got = 0
        let big = [UInt8](repeating: 0xE4, count: 3_000_000)
        for _ in 0..<8 {
            connection.run([(echo, [.bytes(big)]), (echo, [.bytes(big)])]) { result in
                got += (try? result.get().filter { $0.bytes(0, 0) == big }.count) ?? 0
            }
        }
        try bench.run { got == 16 }
        connection.close()
    }

    @Test("a server that is killed loses what is under way in order, and then the connection ends, once")
    func killed() throws {
        let server = try PostgresServer()
        let bench = try PostgresBench()
        let connection = try bench.open(server.url(database: "postgres"))
        let sleep = PostgresStatement(name: "sleep", sql: "select pg_sleep($1::float8)::text")
        _ = try bench.rows(connection, "select 1")
        var told: [String] = []
        connection.run([(PostgresStatement(name: "hang", sql: "select pg_sleep(60)::text"), [])]) {
            told.append("first \($0.failure?.isLoss ?? false) \(bench.endings.count)")
        }
        connection.run([(sleep, [.null])]) {
            told.append("second \($0.failure?.isLoss ?? false) \(bench.endings.count)")
        }
        for _ in 0..<3 { try bench.loop.turn(sleepingAtMost: .milliseconds(5)) }
        try server.kill9()
        try bench.run { !bench.endings.isEmpty }
        #expect(told == ["first true 0", "second true 0"])
        #expect(bench.endings.count == 1 && bench.endings[0].isLoss && !connection.isOpen)
        // Nobody is left without an answer.
        #expect(try bench.ask(connection, [(sleep, [.null])]).failure?.isLoss == true)
        #expect(bench.endings.count == 1 && bench.loop.descriptorCount == 1)
        #expect(try bench.refusal(of: server.url(database: "postgres")).hasPrefix("Nobody listens at "))
        try server.start()
        let next = try bench.open(server.url(database: "postgres"))
        _ = try bench.rows(next, "select 1")
        next.close()
    }

    @Test("an idle connection that the server ends says the server's reason")
    func terminated() throws {
        let bench = try PostgresBench()
        let (one, other) = (try table(bench), try bench.open(PostgresServer.shared.url(database: "postgres")))
        let number = try bench.rows(one, "select pg_backend_pid()").int64(0, 0)
        _ = try bench.rows(other, "select pg_terminate_backend($1::int4)", [.null])
        try PostgresServer.shared.psql("select pg_terminate_backend(\(number))", database: "postgres")
        try bench.run { !bench.endings.isEmpty }
        guard case .connectionLost(let reason) = bench.endings[0] else { return }
        #expect(reason.contains("terminating connection due to administrator command"))
        other.close()
    }

    @Test("a call whose backend is ended is lost, with the server's reason")
    func terminatedInside() throws {
        let bench = try PostgresBench()
        let (one, other) = (try table(bench), try bench.open(PostgresServer.shared.url(database: "postgres")))
        let number = try bench.rows(one, "select pg_backend_pid()").int64(0, 0)
        var result: Result<[PostgresRows], PostgresError>?
        one.run([(PostgresStatement(name: "hang", sql: "select pg_sleep(60)::text"), [])]) { result = $0 }
        let wait = "select count(*) from pg_stat_activity where pid = $1::int8 and wait_event = 'PgSleep'"
        while try bench.rows(other, wait, [.int64(number)]).int64(0, 0) == 0 {}
        _ = try bench.rows(other, "select pg_terminate_backend($1::int8::int4)", [.int64(number)])
        try bench.run { !bench.endings.isEmpty }
        guard case .connectionLost(let reason)? = result?.failure else {
            Issue.record("\(String(describing: result))")
            return
        }
        #expect(reason.contains("terminating connection due to administrator command"))
        other.close()
    }

    @Test("over TLS everything is as without")
    func encrypted() throws {
        let server = try PostgresServer()
        try server.offerTLS()
        let bench = try PostgresBench()
        try server.setAccess(["hostssl all all 127.0.0.1/32 trust"])
        let url = server.url(database: "postgres") + "?sslmode=require"
        let connection = try bench.open(url)
        let encrypted = "select ssl from pg_stat_ssl where pid = pg_backend_pid()"
        #expect(try bench.rows(connection, encrypted).bool(0, 0))
        let big = [UInt8](repeating: 0x5A, count: 1_000_000)
        for _ in 0..<3 {
            #expect(try bench.rows(connection, "select $1::bytea", [.bytes(big)]).bytes(0, 0) == big)
        }
        connection.close()
        #expect(
            try bench.refusal(of: url + "&sslrootcert=/dev/null&sslmode=verify-full").contains("certificate"))
    }

    @Test("a connection that is closed tells nothing more, whatever is under way")
    func closes() throws {
        let bench = try PostgresBench()
        let connection = try table(bench)
        var told = 0
        connection.run([(all, [])]) { _ in told += 1 }
        connection.run([(all, [])]) { _ in
            told += 1
            connection.close()
        }
        connection.run([(all, [])]) { _ in told += 100 }
        try bench.run { told == 2 }
        for _ in 0..<5 { try bench.loop.turn(sleepingAtMost: .milliseconds(2)) }
        #expect(told == 2 && bench.endings.isEmpty && bench.loop.descriptorCount == 1)

        let early = try bench.connection(to: PostgresServer.shared.url(database: "postgres"))
        early.open { _ in told += 100 }
        try bench.loop.turn(sleepingAtMost: .milliseconds(1))
        early.close()
        for _ in 0..<10 { try bench.loop.turn(sleepingAtMost: .milliseconds(2)) }
        #expect(told == 2 && bench.loop.descriptorCount == 1)
    }
}
