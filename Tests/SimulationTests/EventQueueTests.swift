import TestKit
import Testing
import Time

@Suite("the queue of events")
struct EventQueueTests {
    @Test("events come by time, and those of one time in the order planned")
    func order() {
        var random = SeededRandom(seed: 7)
        var queue = EventQueue()
        var planned: [(time: Int64, number: Int)] = []
        for number in 0..<500 {
            let time = Int64(random.below(50))
            planned.append((time, number))
            queue.plan(at: Instant(nanoseconds: time)) {}
        }
        var come: [(time: Int64, number: Int)] = []
        while let event = queue.next() { come.append((event.time.nanoseconds, Int(event.number) - 1)) }
        let expected = planned.sorted { $0 < $1 }
        #expect(come.map(\.time) == expected.map(\.time))
        #expect(come.map(\.number) == expected.map(\.number))
        #expect(queue.nextTime == nil)
    }
}
