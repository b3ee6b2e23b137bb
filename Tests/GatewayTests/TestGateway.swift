import Dispatch
import Foundation
import Glibc
import Logging
import Networking
import Synchronization
import Testing

@testable import Gateway

/// A whole server of this process on a thread of its own, on a free port of the loopback; it ends like the
/// program does, by SIGTERM, which is sent to its thread alone.
final class TestGateway {
    /// Where it listens: the first address, and the one of TLS where there is one.
    let address: SocketAddress
    private let diary: ServerDiary

    /// Starts one with an archive in memory and waits until it listens. Rooms named `live:…` are ephemeral.
    init(workers: Int = 2, _ change: (inout ServerConfiguration) -> Void = { _ in }) throws {
        let settings = try Settings(
            flags: [
                Setting(key: "listen", values: ["127.0.0.1:0"], source: .flag("--listen")),
                Setting(key: "archive", values: ["memory:"], source: .flag("--archive")),
                Setting(key: "workers", values: ["\(workers)"], source: .flag("--workers")),
            ], environment: [:],
            file: [Setting(key: "rooms.live:.kind", values: ["ephemeral"], source: .file("test", line: 1))])
        var configuration = try ServerConfiguration(settings, cores: workers)
        change(&configuration)
        diary = Self.start(configuration)
        address = try SocketAddress(diary.wait(for: "the address") { $0.listensAt })
    }

    /// Where it speaks TLS.
    var secureAddress: SocketAddress {
        get throws { try SocketAddress(diary.wait(for: "the address of TLS") { $0.listensSecurelyAt }) }
    }

    private init(started diary: ServerDiary, at address: SocketAddress) {
        self.diary = diary
        self.address = address
    }

    /// Starts one and tells it to stop before it listens; the status it would exit with.
    static func statusStoppedWhileStarting(workers: Int) throws -> Int32 {
        let settings = try Settings(
            flags: [], environment: ["PARLEY_LISTEN": "127.0.0.1:0", "PARLEY_ARCHIVE": "memory:"], file: [])
        let diary = start(try ServerConfiguration(settings, cores: workers))
        return try TestGateway(started: diary, at: SocketAddress("127.0.0.1:0")).stop()
    }

    private static func start(_ configuration: ServerConfiguration) -> ServerDiary {
        let diary = ServerDiary()
        Thread {
            do {
                let server = try Server(
                    configuration, log: Logger(label: "test") { _ in DiaryLog(diary: diary) })
                diary.note { $0.thread = pthread_self() }
                let status = try server.run()
                diary.note { $0.status = status }
            } catch {
                diary.note { $0.failure = "\(error)" }
            }
        }.start()
        return diary
    }

    // Nobody is waited for: whoever is still connected would have to go first.
    deinit { try? terminate() }

    /// Asks it to drain, as SIGTERM does.
    func terminate() throws {
        let isFirst = diary.note { entries in
            defer { entries.isTold = true }
            return !entries.isTold
        }
        guard isFirst else { return }
        // Blocked in every thread of the server, so it waits in this one's signalfd and reaches nobody else.
        pthread_kill(try diary.wait(for: "the thread") { $0.thread }, SIGTERM)
    }

    /// Drains it and waits for the status it would exit with.
    @discardableResult
    func stop() throws -> Int32 {
        try terminate()
        return try diary.wait(for: "the end") { $0.status }
    }
}

/// What a server said so far, for another thread to wait for.
final class ServerDiary: Sendable {
    struct Entries {
        var listensAt: String?
        var listensSecurelyAt: String?
        var thread: pthread_t?
        var status: Int32?
        var failure: String?
        var isTold = false
    }

    struct Missing: Error { let what: String }

    private let entries = Mutex(Entries())
    private let changed = DispatchSemaphore(value: 0)

    @discardableResult
    func note<Result: Sendable>(_ change: (inout Entries) -> Result) -> Result {
        defer { changed.signal() }
        return entries.withLock { change(&$0) }
    }

    /// Waits some seconds for `fact`.
    func wait<Fact: Sendable>(for what: String, _ fact: (Entries) -> Fact?) throws -> Fact {
        while true {
            let (found, failure) = entries.withLock { (fact($0), $0.failure) }
            if let found { return found }
            guard failure == nil, changed.wait(timeout: .now() + 20) == .success else {
                throw Missing(what: failure ?? what)
            }
        }
    }
}

/// Reads the server's log for the address it listens at.
private struct DiaryLog: LogHandler {
    let diary: ServerDiary
    var logLevel = Logger.Level.notice
    var metadata: Logger.Metadata = [:]

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let message = event.message.description
        guard let match = message.wholeMatch(of: /listening on http(s?):\/\/(.+)\//) else { return }
        diary.note {
            if match.1.isEmpty {
                $0.listensAt = String(match.2)
            } else {
                $0.listensSecurelyAt = String(match.2)
            }
        }
    }
}
