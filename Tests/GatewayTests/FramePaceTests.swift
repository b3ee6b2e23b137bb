import ChatProtocol
import Testing
import Time
import WebSocket

@testable import Gateway

/// What it does to a connection is in `SessionLimitsTests`, at real sockets.
@Suite("A frame's pace: the limits, and which of them a failure is")
struct FramePaceTests {
    @Test("the limits are those that are announced")
    func limits() {
        var announced = AnnouncedLimits()
        announced.controlsPerSecond = 7
        announced.controlBurst = 70
        announced.messageMs = 1_234
        let limits = FramePace.Limits(announced)
        #expect(limits.controls == TokenRate(perSecond: 7, burst: 70))
        #expect(limits.messageTime == .milliseconds(1_234))
    }

    @Test("four failures are limits, and every other is a broken rule of the RFC")
    func failures() {
        let limits = WebSocketError.allCases.compactMap { DoorLimit($0) }
        #expect(limits.count == 4)
        #expect(Set(limits) == [.messageBytes, .messageTime, .controlRate, .inflatedBytes])
    }
}
