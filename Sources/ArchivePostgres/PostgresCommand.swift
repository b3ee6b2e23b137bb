import Networking

/// One thing done over one connection by who may wait for it: the subcommands of `parley`.
enum PostgresCommand {
    /// Connects, lets `body` work until it calls its completion, and returns what that was given.
    static func run<Answer>(
        _ target: PostgresTarget,
        _ body:
            @escaping (
                PostgresConnection, @escaping (Result<Answer, PostgresStoreError>) -> Void
            ) -> Void
    ) throws(PostgresStoreError) -> Answer {
        do {
            let loop = try EventLoop()
            defer { loop.dismantle() }
            var answer: Result<Answer, PostgresStoreError>?
            let resolver = try NameResolver(on: loop)
            let connection = PostgresConnection(
                target, on: loop, resolver: resolver,
                settings: ["lock_timeout": "10s", "jit": "off"]
            ) { error in answer = answer ?? .failure(PostgresStoreError(error)) }
            connection.open { result in
                switch result {
                case .success: body(connection) { answer = answer ?? $0 }
                case .failure(let error): answer = .failure(PostgresStoreError(error))
                }
            }
            while answer == nil { try loop.turn() }
            connection.close()
            return try answer!.get()
        } catch let error as PostgresStoreError {
            throw error
        } catch { throw .failed("\(error)") }
    }
}
