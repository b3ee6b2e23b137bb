import Glibc
import Testing
import Time

@testable import Networking

@Suite("Host names")
struct NameResolverTests {
    /// What a resolver answered.
    final class Log {
        var answers: [NameResolver.Answer] = []
        var errors: [ResolveError] {
            answers.compactMap { if case .failure(let error) = $0 { error } else { nil } }
        }
    }

    @Test(
        "a numeric address answers itself, but never inside the call",
        arguments: [("127.0.0.1", "127.0.0.1:5"), ("::1", "[::1]:5"), ("[::1]", "[::1]:5")])
    func numeric(_ host: String, _ address: String) throws {
        let loop = try EventLoop()
        let resolver = try NameResolver(on: loop, limit: .seconds(10)) { _, _ in
            preconditionFailure("no thread is needed")
        }
        let log = Log()
        resolver.resolve(host, port: 5) { log.answers.append($0) }
        #expect(log.answers.isEmpty)
        #expect(try loop.turns { !log.answers.isEmpty })
        #expect(log.answers == [.success([try SocketAddress(address)])])
        loop.dismantle()
    }

    @Test("the system is asked, and each address comes once, with the port")
    func localhost() throws {
        let loop = try EventLoop()
        let resolver = try NameResolver(on: loop)
        let log = Log()
        resolver.resolve("localhost", port: 8080) { log.answers.append($0) }
        #expect(log.answers.isEmpty)
        #expect(try loop.turns { !log.answers.isEmpty })
        let addresses = try log.answers[0].get()
        #expect(!addresses.isEmpty && addresses.allSatisfy { $0.isLoopback && $0.port == 8080 })
        #expect(Set(addresses).count == addresses.count)
        loop.dismantle()
    }

    @Test("a name that cannot be is an error that says what to do")
    func unknown() throws {
        let loop = try EventLoop()
        let resolver = try NameResolver(on: loop)
        let log = Log()
        // A space stands in no name, so no name server is asked.
        resolver.resolve("no such host", port: 1) { log.answers.append($0) }
        #expect(try loop.turns { !log.answers.isEmpty })
        #expect(log.errors == [ResolveError("no such host", .unknownName)])
        #expect(
            log.errors[0].description
                == "No host is named \"no such host\": correct the name, or write a numeric address.")
        loop.dismantle()
    }

    @Test("each failure of a lookup has its sentence")
    func sentences() {
        #expect(ResolveError("db", code: EAI_AGAIN).fault == .noAnswer)
        #expect(ResolveError("db", code: EAI_MEMORY).description.hasPrefix("Looking up \"db\" failed: "))
        #expect(ResolveError("db", .noAnswer).description.contains("/etc/resolv.conf"))
    }

    @Test("a lookup that hangs is given up after the limit, and four that hang hold up the others no longer")
    func hangs() throws {
        let loop = try EventLoop()
        let gate = Lock(false)
        let asked = Lock(0)
        let resolver = try NameResolver(on: loop, limit: .milliseconds(30)) { host, port in
            asked.withLock { $0 += 1 }
            while !gate.withLock({ $0 }) { poll(nil, 0, 1) }
            return .success([])
        }
        let log = Log()
        for index in 0..<6 { resolver.resolve("host\(index)", port: 1) { log.answers.append($0) } }
        #expect(try loop.turns { log.answers.count == 6 })
        #expect(log.errors.count == 6 && log.errors.allSatisfy { $0.fault == .tooSlow })
        #expect(asked.withLock { $0 } <= 4)
        // The threads come back, and there is room for new questions.
        gate.withLock { $0 = true }
        #expect(
            try loop.turns {
                resolver.resolve("late", port: 1) { log.answers.append($0) }
                return log.answers.contains(.success([]))
            })
        loop.dismantle()
    }

    @Test("a closed resolver answers nothing more")
    func closed() throws {
        let loop = try EventLoop()
        let resolver = try NameResolver(on: loop)
        let log = Log()
        resolver.resolve("127.0.0.1", port: 1) { log.answers.append($0) }
        resolver.resolve("localhost", port: 1) { log.answers.append($0) }
        resolver.close()
        resolver.resolve("127.0.0.1", port: 1) { log.answers.append($0) }
        for _ in 0..<3 { try loop.turn(sleepingAtMost: .milliseconds(5)) }
        #expect(log.answers.isEmpty && loop.descriptorCount == 0)
        loop.dismantle()
    }
}
