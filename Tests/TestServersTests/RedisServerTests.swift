import TestServers
import Testing

@Suite("a Redis for the tests")
struct RedisServerTests {
    @Test("it answers, flushes, and has forgotten everything after a kill")
    func answers() throws {
        let server = try RedisServer()
        #expect(server.url == "redis://127.0.0.1:\(server.port)")
        #expect(try server.command(["SET", "key", "a value"]) == "OK")
        #expect(try server.command(["GET", "key"]) == "a value")
        try server.flush()
        #expect(try server.command(["EXISTS", "key"]) == "0")
        try server.command(["SET", "key", "1"])
        try server.kill9()
        #expect(server.processNumber == nil)
        #expect(throws: TestServerError.self) { try server.command(["PING"]) }
        try server.start()
        #expect(try server.command(["EXISTS", "key"]) == "0")
        try server.stop()
    }

    @Test("its arguments reach it")
    func arguments() throws {
        let server = try RedisServer(arguments: ["--requirepass", "secret"])
        #expect(try server.command(["GET", "key"]).hasPrefix("NOAUTH"))
        #expect(try RedisServer.shared.command(["PING"]) == "PONG")
    }
}
