package import Glibc
import Synchronization

/// A real Postgres: `scripts/postgres.sh` in a folder of its own, on a free port of the loopback.
package final class PostgresServer: Sendable {
    private static let first = Result { try PostgresServer() }
    private static let databases = Atomic<Int>(0)
    private let run: ServerRun

    /// The one of this test process: started on first use, stopped at exit. Every test takes a database of
    /// its own; whoever kills the server makes a private one by `init`.
    package static var shared: PostgresServer {
        get throws { try first.get() }
    }

    /// A private one; `arguments` go to `postgres`, for example `["-c", "max_connections=5"]`.
    package init(arguments: [String] = []) throws {
        run = try ServerRun { port, folder in
            [ServerRun.script("postgres.sh"), folder, String(port)] + arguments
        } isUp: { port, folder in
            (try? Self.psql("select 1", port, folder, "postgres")) == "1"
        }
    }

    /// Where it listens on 127.0.0.1.
    package var port: UInt16 { run.port }
    /// Everything it logged so far.
    package var log: String { run.log }
    /// The postmaster's number; nil while it does not run.
    package var processNumber: pid_t? { run.number }

    /// The address of one of its databases, for the superuser.
    package func url(database: String) -> String { "postgres://postgres@127.0.0.1:\(port)/\(database)" }

    /// Makes an empty database and returns its address.
    package func makeDatabase() throws -> String {
        let number = Self.databases.add(1, ordering: .relaxed).newValue
        let name = "parley_test_\(number)"
        _ = try psql("create database \(name)", database: "postgres")
        return url(database: name)
    }

    /// Kills it as a power cut would, every process of it.
    package func kill9() throws { try run.end(by: SIGKILL) }

    /// Starts it again after `kill9` or `stop`, and waits until it answers.
    package func start() throws { try run.start() }

    /// Ends it cleanly: connections are cut, what is committed is written.
    package func stop() throws { try run.end(by: SIGINT) }

    /// Runs statements by psql, through the socket in the folder; the rows, columns separated by `|`.
    @discardableResult
    package func psql(_ sql: String, database: String) throws -> String {
        try Self.psql(sql, port, run.folder.path, database)
    }

    /// Replaces the rules who may enter (lines of pg_hba.conf). The socket that `psql` uses stays open.
    package func setAccess(_ lines: [String]) throws {
        let text = (["local all all trust"] + lines).joined(separator: "\n") + "\n"
        let file = open(run.folder.file("data/pg_hba.conf"), O_WRONLY | O_TRUNC)
        guard file >= 0 else { throw TestServerError(description: "pg_hba.conf: errno \(errno)") }
        _ = text.withCString { write(file, $0, strlen($0)) }
        close(file)
        try reload()
    }

    /// Gives it a certificate that nobody has signed, and lets it take TLS from the next connection on.
    package func offerTLS() throws {
        let (certificate, key) = (run.folder.file("data/server.crt"), run.folder.file("data/server.key"))
        _ = try ServerRun.run([
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
            "/CN=localhost",
            "-out", certificate, "-keyout", key,
        ])
        // Both belong to whom the cluster belongs to, and the key to nobody else.
        var owner = stat()
        stat(run.folder.file("data/PG_VERSION"), &owner)
        for file in [certificate, key] {
            chown(file, owner.st_uid, owner.st_gid)
            chmod(file, 0o600)
        }
        try psql("alter system set ssl = on", database: "postgres")
        try reload()
    }

    /// Lets the postmaster read its files again, and waits until it has: what it then says is what the next
    /// connection meets.
    private func reload() throws {
        func reloads() -> Int {
            run.log.split(separator: "\n").count { $0.hasSuffix("reloading configuration files") }
        }
        let before = reloads()
        try psql("select pg_reload_conf()", database: "postgres")
        for _ in 0..<1000 where reloads() == before { poll(nil, 0, 5) }
    }

    private static func psql(_ sql: String, _ port: UInt16, _ folder: String, _ database: String) throws
        -> String
    {
        var output = try ServerRun.run([
            "psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-h", folder, "-p", String(port), "-U", "postgres",
            "-d",
            database, "-c", sql,
        ])
        if output.last == "\n" { output.removeLast() }
        return output
    }
}
