package import Glibc

/// A real Redis: `scripts/redis.sh` in a folder of its own, on a free port of the loopback.
package final class RedisServer: Sendable {
    private static let first = Result { try RedisServer() }
    private let run: ServerRun

    /// The one of this test process: started on first use, stopped at exit. Whoever flushes, kills or counts
    /// makes a private one by `init`.
    package static var shared: RedisServer {
        get throws { try first.get() }
    }

    /// A private one; `arguments` go to `redis-server`, for example `["--requirepass", "secret"]`.
    package init(arguments: [String] = []) throws {
        run = try ServerRun { port, folder in
            [ServerRun.script("redis.sh"), folder, String(port)] + arguments
        } isUp: { port, _ in
            // With a password set the answer is an error, and it is up all the same.
            let answer = try? Self.command(["PING"], port)
            return answer == "PONG" || answer?.hasPrefix("NOAUTH") == true
        }
    }

    /// Where it listens on 127.0.0.1.
    package var port: UInt16 { run.port }
    /// Everything it logged so far.
    package var log: String { run.log }
    /// The process's number; nil while it does not run. SIGSTOP makes it a server that hangs.
    package var processNumber: pid_t? { run.number }
    /// Its address.
    package var url: String { "redis://127.0.0.1:\(port)" }

    /// Kills it.
    package func kill9() throws { try run.end(by: SIGKILL) }

    /// Starts it again after `kill9` or `stop`, and waits until it answers. It remembers nothing.
    package func start() throws { try run.start() }

    /// Ends it cleanly.
    package func stop() throws { try run.end(by: SIGTERM) }

    /// Deletes every key.
    package func flush() throws { try command(["FLUSHALL"]) }

    /// Runs one command by redis-cli; its answer, a line for each element.
    @discardableResult
    package func command(_ words: [String]) throws -> String { try Self.command(words, port) }

    private static func command(_ words: [String], _ port: UInt16) throws -> String {
        var output = try ServerRun.run(["redis-cli", "-h", "127.0.0.1", "-p", String(port)] + words)
        if output.last == "\n" { output.removeLast() }
        return output
    }
}
