import Testing
import WebSocket

@testable import Gateway

@Suite("compression.*")
struct CompressionSettingsTests {
    @Test("each setting reaches the WebSockets, and off is off")
    func makesPolicy() throws {
        var settings = CompressionSettings()
        settings.keepsContext = true
        settings.minimumBytes = 7
        settings.level = 1
        settings.windowBits = 11
        settings.memoryLevel = 4
        let policy = try #require(settings.policy)
        #expect(policy.keepsContext && policy.minimumBytes == 7 && policy.level == 1)
        #expect(policy.windowBits == 11 && policy.memoryLevel == 4)
        settings.isOn = false
        #expect(settings.policy == nil)
    }
}
