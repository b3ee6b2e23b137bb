import Testing
import WebSocket

@testable import Gateway

@Suite("compression.*")
struct SettingsDoorsTests {
    @Test("each setting reaches the WebSockets, and off is off")
    func makesPolicy() throws {
        var values = [
            "contextTakeover": "true", "minimumBytes": "7", "level": "1", "windowBits": "11",
            "memoryLevel": "4",
        ]
        func settings() throws -> Settings {
            try Settings(
                flags: [], environment: [:],
                file: values.map {
                    Setting(key: "compression.\($0.key)", values: [$0.value], source: .file("test", line: 1))
                })
        }
        let policy = try #require(try settings().compression())
        #expect(policy.keepsContext && policy.minimumBytes == 7 && policy.level == 1)
        #expect(policy.windowBits == 11 && policy.memoryLevel == 4)
        values["enabled"] = "false"
        #expect(try settings().compression() == nil)
    }
}
