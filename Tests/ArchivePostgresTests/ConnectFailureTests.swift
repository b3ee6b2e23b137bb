import Glibc
import Networking
import TestServers
import Testing

@testable import ArchivePostgres

@Suite("why there is no connection to Postgres")
struct ConnectFailureTests {
    @Test("nobody listens: by number and by name")
    func closedPort() throws {
        let bench = try PostgresBench()
        let port = try Listener.checkFree(SocketAddress("127.0.0.1:0")).port
        #expect(
            try bench.refusal(of: "postgres://u@127.0.0.1:\(port)/d")
                == "Nobody listens at 127.0.0.1:\(port): start Postgres there, or correct the host and the "
                + "port."
        )
        let sentence = try bench.refusal(of: "postgres://u@localhost:\(port)/d")
        #expect(sentence.hasPrefix("Nobody listens at localhost:\(port) ("))
        #expect(
            try bench.refusal(of: "postgres://u@/d?host=/nonexistent").hasPrefix(
                "Nobody listens at /nonexistent:5432: "))
    }

    @Test("a host without an address")
    func unknownHost() throws {
        let sentence = try PostgresBench().refusal(of: "postgres://u@no%20such%20host/d")
        #expect(sentence.hasPrefix("No host is named \"no such host\""))
    }

    @Test("a password that is wrong or missing, and a right one")
    func passwords() throws {
        let server = try PostgresServer()
        let bench = try PostgresBench()
        try server.psql(
            "set password_encryption = 'scram-sha-256'; create role ann login password 'right@:/ %'",
            database: "postgres")
        try server.setAccess(["host all all 127.0.0.1/32 scram-sha-256"])
        let place = "127.0.0.1:\(server.port)"
        let wrong = try bench.refusal(of: "postgres://ann:wrong@\(place)/postgres")
        #expect(
            wrong
                == "Postgres at \(place) refuses user \"ann\": the password is wrong, or there is no such "
                + "user."
        )
        let none = try bench.refusal(of: "postgres://ann@\(place)/postgres")
        #expect(none.hasPrefix("Postgres at \(place) wants a password for user \"ann\": "))
        let connection = try bench.open("postgres://ann:right%40%3A%2F%20%25@\(place)/postgres")
        #expect(try bench.rows(connection, "select current_user::text").text(0, 0) == "ann")
        connection.close()
    }

    @Test("a server that wants TLS and is asked without, and one that offers none")
    func encryption() throws {
        let server = try PostgresServer()
        let bench = try PostgresBench()
        let url = server.url(database: "postgres")
        #expect(try bench.refusal(of: url + "?sslmode=require").contains("offers no TLS: remove sslmode"))
        try server.setAccess(["hostssl all all 127.0.0.1/32 trust"])
        let sentence = try bench.refusal(of: url)
        #expect(sentence.contains("no pg_hba.conf entry for host"))
        #expect(sentence.contains("add ?sslmode=require where it takes TLS only"))
    }

    @Test("a database that is missing, and no connection left")
    func refusals() throws {
        let bench = try PostgresBench()
        let missing = try PostgresServer.shared.url(database: "missing")
        #expect(try bench.refusal(of: missing).contains("has no database \"missing\": create it"))
        let database = try PostgresServer.shared.makeDatabase()
        let name = String(database.split(separator: "/").last!)
        try PostgresServer.shared.psql(
            "alter database \(name) connection limit 0; create role bob login", database: "postgres")
        let full = try bench.refusal(of: database.replacing("postgres@", with: "bob@"))
        #expect(full.contains("has no connection left (too many connections for database"))
        #expect(full.contains("alter database … connection limit") && !full.contains("max_connections"))
    }

    @Test("something else listens: a web server, and one that says nothing")
    func strangers() throws {
        let bench = try PostgresBench()
        let http = try Stranger(on: bench.loop, says: "HTTP/1.1 400 Bad Request\r\n\r\n")
        for mode in ["prefer", "disable"] {
            let sentence = try bench.refusal(of: "postgres://u@\(http.address)/d?sslmode=\(mode)")
            #expect(
                sentence == "What answers at \(http.address) is no Postgres: correct the host and the port.")
        }
        let silent = try Stranger(on: bench.loop, says: "")
        let sentence = try bench.refusal(of: "postgres://u@\(silent.address)/d", limit: .milliseconds(50))
        #expect(sentence.hasPrefix("What answers at \(silent.address) does not speak Postgres within 0.05 s"))
    }

    @Test("the next host is tried, and the last one's reason is told")
    func severalHosts() throws {
        let bench = try PostgresBench()
        let silent = try Stranger(on: bench.loop, says: "")
        let port = try PostgresServer.shared.port
        let list = "no%20such%20host:1,\(silent.address),127.0.0.1:\(port)"
        let connection = try bench.connection(to: "postgres://postgres@\(list)/postgres", limit: .seconds(1))
        var isOpen = false
        connection.open { isOpen = (try? $0.get()) != nil }
        try bench.run { isOpen }
        connection.close()
        #expect(
            try bench.refusal(
                of: "postgres://u@\(silent.address),127.0.0.1:\(port)/missing", limit: .seconds(1)
            ).hasPrefix("Postgres at 127.0.0.1:\(port) "))
    }
}

/// Somebody who listens and is no Postgres.
private final class Stranger: ListenerDelegate, TCPSocketDelegate {
    let address: SocketAddress
    private let text: String
    private var listener: Listener?

    init(on loop: EventLoop, says text: String) throws {
        self.text = text
        let wanted = try SocketAddress("127.0.0.1:0")
        let free = try Listener.checkFree(wanted)
        address = free
        listener = try Listener(on: loop, address: free, backlog: 8, reusesPort: false, delegate: self)
    }

    deinit { listener?.close() }

    func accepted(_ socket: TCPSocket, by listener: Listener) { socket.delegate = self }

    func received(_ bytes: Span<UInt8>, on socket: TCPSocket) {
        if text.isEmpty { return }
        socket.send(copying: Array(text.utf8).span)
        socket.closeAfterFlush()
    }

    func peerEnded(_ socket: TCPSocket) { socket.abort() }
    func drained(_ socket: TCPSocket) {}
    func closed(_ socket: TCPSocket, because reason: ConnectionEnd) {}
}
