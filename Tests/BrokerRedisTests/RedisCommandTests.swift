import Bytes
import Testing

@testable import BrokerRedis

@Suite("Commands to Redis")
struct RedisCommandTests {
    private func text(_ command: RedisCommand) -> String {
        var bytes: [UInt8] = []
        command.withFormatted { bytes = [UInt8]($0) }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test("a command is an array of strings with their lengths")
    func formats() {
        var command = RedisCommand("PUBLISH", "c")
        command.add([0x0D, 0x0A, 0x00])
        #expect(command.count == 3)
        #expect(text(command) == "*3\r\n$7\r\nPUBLISH\r\n$1\r\nc\r\n$3\r\n\r\n\0\r\n")
    }

    @Test("empty words, and nothing but empty words, are words")
    func empty() {
        #expect(text(RedisCommand("A", "", "B")) == "*3\r\n$1\r\nA\r\n$0\r\n\r\n$1\r\nB\r\n")
        #expect(text(RedisCommand("")) == "*1\r\n$0\r\n\r\n")
    }
}
