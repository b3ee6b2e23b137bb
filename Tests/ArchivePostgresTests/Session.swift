import Networking
import TestServers
import Testing
import Time

@testable import ArchivePostgres

/// A connection of the test's own to a database, as somebody else's who holds what he took.
final class Session {
    private let loop: EventLoop
    private let connection: PostgresConnection

    init(_ harness: PostgresHarness, asSuperuser: Bool = false) throws {
        let loop = try EventLoop()
        self.loop = loop
        connection = PostgresConnection(
            try PostgresTarget(asSuperuser ? harness.server.url(database: harness.database) : harness.url),
            on: loop, resolver: try NameResolver(on: loop), settings: [:]
        ) { _ in }
        let answer = Answer()
        connection.open { answer.result = $0 }
        try finish(answer)
    }

    deinit {
        connection.close()
        loop.dismantle()
    }

    /// Runs a script; what it begins stays open.
    func run(_ script: String) throws {
        let answer = Answer()
        connection.runScript(script) { result in answer.result = result.map { _ in } }
        try finish(answer)
    }

    /// Begins a script that waits for somebody, and does not wait for its end.
    func begin(_ script: String) throws {
        connection.runScript(script) { _ in }
        try loop.turn(sleepingAtMost: .zero)
    }

    /// Asks, in a transaction of its own or in the one a script began.
    func ask(_ statement: PostgresStatement, _ values: [PostgresValue]) throws -> PostgresRows {
        let answer = Answer()
        var rows: PostgresRows?
        connection.run([(statement, values)]) { result in
            rows = try? result.get().first
            answer.result = result.map { _ in }
        }
        try finish(answer)
        return try #require(rows)
    }

    private func finish(_ answer: Answer) throws {
        let deadline = Clock.instant + .seconds(30)
        while answer.result == nil {
            try #require(Clock.instant < deadline, "the server does not answer")
            try loop.turn(sleepingAtMost: .milliseconds(100))
        }
        try answer.result!.get()
    }

    private final class Answer {
        var result: Result<Void, PostgresError>?
    }
}
