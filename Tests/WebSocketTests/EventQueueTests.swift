import Testing

@testable import WebSocket

@Suite("Events that wait")
struct EventQueueTests {
    @Test("events leave in the order they came, however reading and adding alternate", arguments: 1...7)
    func keepsOrder(_ stride: Int) {
        var queue = EventQueue()
        var (added, read) = (UInt8(0), UInt8(0))
        while read < 60 {
            for _ in 0..<stride where added < 60 {
                queue.append(.ping([added]))
                added += 1
            }
            for _ in 0..<max(1, stride - 1) {
                guard let event = queue.next() else { break }
                #expect(event == .ping([read]))
                read += 1
            }
        }
        #expect(queue.next() == nil)
    }
}
