import Networking
import TestServers
import Testing
import Time

@testable import ArchivePostgres

/// A loop on the test's own thread, and connections on it.
final class PostgresBench {
    let loop: EventLoop
    let resolver: NameResolver
    /// What `ended` was told, of all connections.
    private(set) var endings: [PostgresError] = []

    init() throws {
        loop = try EventLoop()
        resolver = try NameResolver(on: loop)
    }

    deinit { loop.dismantle() }

    /// Takes turns until `isDone`.
    func run(until isDone: () -> Bool) throws {
        let deadline = Clock.instant + .seconds(60)
        while !isDone() {
            try #require(Clock.instant < deadline, "Postgres does not answer")
            try loop.turn(sleepingAtMost: .milliseconds(100))
        }
    }

    func connection(
        to url: String, settings: [String: String] = [:], limit: Duration = .seconds(20)
    ) throws -> PostgresConnection {
        PostgresConnection(
            try PostgresTarget(url), on: loop, resolver: resolver, settings: settings, connectLimit: limit
        ) { [weak self] in self?.endings.append($0) }
    }

    /// Opens a connection and waits.
    func open(_ url: String, settings: [String: String] = [:]) throws -> PostgresConnection {
        let connection = try connection(to: url, settings: settings)
        var outcome: Result<Void, PostgresError>?
        connection.open { outcome = $0 }
        #expect(outcome == nil, "the outcome never comes inside the call")
        try run { outcome != nil }
        try outcome!.get()
        return connection
    }

    /// The sentence with which opening fails.
    func refusal(of url: String, limit: Duration = .seconds(20)) throws -> String {
        let connection = try connection(to: url, limit: limit)
        let before = endings.count
        var outcome: Result<Void, PostgresError>?
        connection.open { outcome = $0 }
        #expect(outcome == nil, "the outcome never comes inside the call")
        try run { outcome != nil }
        guard case .failure(.cannotConnect(let sentence)) = outcome else {
            Issue.record("it connects to \(url)")
            return ""
        }
        #expect(!connection.isOpen && endings.count == before)
        return sentence
    }

    /// Runs statements and waits.
    func ask(
        _ connection: PostgresConnection, _ statements: [(PostgresStatement, [PostgresValue])]
    ) throws -> Result<[PostgresRows], PostgresError> {
        var outcome: Result<[PostgresRows], PostgresError>?
        connection.run(statements) { outcome = $0 }
        #expect(outcome == nil, "the outcome never comes inside the call")
        try run { outcome != nil }
        return outcome!
    }

    /// Runs one statement and waits for its rows.
    func rows(
        _ connection: PostgresConnection, _ sql: String, _ values: [PostgresValue] = []
    ) throws -> PostgresRows {
        try ask(connection, [(PostgresStatement(name: "s\(sql.hashValue)", sql: sql), values)]).get()[0]
    }

    /// Runs a script and waits.
    func script(_ connection: PostgresConnection, _ sql: String) throws -> Result<Void, PostgresError> {
        var outcome: Result<Void, PostgresError>?
        connection.runScript(sql) { outcome = $0 }
        #expect(outcome == nil, "the outcome never comes inside the call")
        try run { outcome != nil }
        return outcome!
    }
}

extension Result {
    var failure: Failure? { if case .failure(let error) = self { error } else { nil } }
}

extension PostgresError {
    var sqlState: String? { if case .server(let state, _, _) = self { state } else { nil } }
    var isLoss: Bool { if case .connectionLost = self { true } else { false } }
}
