import Testing
import Time

@testable import Networking

@Suite("The timer wheel")
struct TimerWheelTests {
    @Test("thousands of timers do what a sorted list would do, in the same order", arguments: [1, 2, 3])
    func matchesReference(_ seed: UInt64) {
        var random = Xorshift(state: seed &* 0x9E37_79B9_7F4A_7C15)
        var now = Instant(nanoseconds: Int64(random.next(below: 1 << 40)))
        let wheel = Wheel(now: now)
        var model: [Int: (id: TimerID, deadline: Instant)] = [:]
        for step in 0..<6000 {
            // Mostly within a few seconds, some beyond one rotation of 34 s, a few already past.
            let reach = [3_000_000, 2_000_000_000, 40_000_000_000, 300_000_000_000][
                Int(random.next(below: 4))]
            let deadline = now + .nanoseconds(Int64(random.next(below: UInt64(reach))) - 1_000_000)
            switch random.next(below: 10) {
            case 0...5:
                model[step] = (wheel.schedule(step, at: deadline), deadline)
            case 6:
                guard let key = model.keys.min() else { break }
                #expect(wheel.reschedule(model[key]!.id, at: deadline))
                model[key]!.deadline = deadline
            case 7:
                guard let key = model.keys.max() else { break }
                #expect(wheel.cancel(model[key]!.id))
                #expect(!wheel.cancel(model[key]!.id))
                model[key] = nil
            default:
                let reach = [1_000_000, 300_000_000, 50_000_000_000][Int(random.next(below: 20)) / 9]
                now = now + .nanoseconds(Int64(random.next(below: UInt64(reach))))
                let due = model.filter { $0.value.deadline <= now }
                wheel.advance(to: now)
                var fired: [Int] = []
                while let (_, payload) = wheel.popDue() { fired.append(payload) }
                #expect(Set(fired) == Set(due.keys))
                let deadlines = fired.map { due[$0]?.deadline ?? .distantFuture }
                #expect(deadlines == deadlines.sorted())
                for key in fired { model[key] = nil }
            }
            #expect(wheel.count == model.count)
            let first = model.values.map(\.deadline).min()
            #expect((wheel.nextDeadline ?? .distantFuture) <= (first ?? .distantFuture))
        }
        now = now + .seconds(1000)
        wheel.advance(to: now)
        var left = 0
        while wheel.popDue() != nil { left += 1 }
        #expect(left == model.count && wheel.nextDeadline == nil)
    }

    @Test("the next deadline is exact as long as nothing was cancelled, near and beyond one rotation")
    func nextDeadline() {
        let start = Instant(nanoseconds: 123_456_789)
        let wheel = Wheel(now: start)
        #expect(wheel.nextDeadline == nil)
        let deadlines = [Duration.seconds(100), .seconds(35), .milliseconds(20), .milliseconds(9), .zero]
        for deadline in deadlines {
            _ = wheel.schedule(0, at: start + deadline)
            #expect(wheel.nextDeadline == start + deadline)
        }
        for (index, deadline) in deadlines.reversed().enumerated() {
            wheel.advance(to: start + deadline)
            #expect(wheel.popDue() != nil && wheel.popDue() == nil)
            let next = deadlines.reversed().dropFirst(index + 1).first
            #expect(wheel.nextDeadline == next.map { start + $0 })
        }
    }

    @Test("a deadline that was cancelled costs one early look and is then forgotten")
    func cancelled() {
        let start = Instant(nanoseconds: 0)
        let wheel = Wheel(now: start)
        let early = wheel.schedule(1, at: start + .milliseconds(50))
        _ = wheel.schedule(2, at: start + .seconds(60))
        wheel.cancel(early)
        wheel.advance(to: start + .milliseconds(50))
        #expect(wheel.popDue() == nil)
        #expect(wheel.nextDeadline == start + .seconds(60))
    }

    @Test("nothing fires a nanosecond before its deadline")
    func exact() {
        let start = Instant(nanoseconds: 5)
        let wheel = Wheel(now: start)
        _ = wheel.schedule(1, at: start + .microseconds(700))
        wheel.advance(to: start + .microseconds(700) + .nanoseconds(-1))
        #expect(wheel.popDue() == nil)
        wheel.advance(to: start + .microseconds(700))
        #expect(wheel.popDue()?.payload == 1)
    }

    @Test("a due timer that is cancelled or moved before it is handed out does not fire")
    func changedWhileDue() {
        let start = Instant(nanoseconds: 0)
        let wheel = Wheel(now: start)
        let ids = (0..<3).map { wheel.schedule($0, at: start + .milliseconds(Int64($0))) }
        wheel.advance(to: start + .milliseconds(5))
        #expect(wheel.popDue()?.payload == 0)
        #expect(wheel.cancel(ids[1]))
        #expect(wheel.reschedule(ids[2], at: start + .seconds(1)))
        #expect(wheel.popDue() == nil)
        #expect(!wheel.reschedule(ids[0], at: start))
        wheel.advance(to: start + .seconds(1))
        #expect(wheel.popDue()?.payload == 2)
        #expect(wheel.count == 0)
    }

    @Test("an id of a fired timer does not reach the timer that took its place")
    func staleID() {
        let start = Instant(nanoseconds: 0)
        let wheel = Wheel(now: start)
        let old = wheel.schedule(1, at: start)
        wheel.advance(to: start)
        #expect(wheel.popDue()?.id == old)
        let new = wheel.schedule(2, at: start + .seconds(1))
        #expect(!wheel.cancel(old))
        #expect(old != new && wheel.count == 1)
        wheel.removeAll()
        #expect(wheel.count == 0 && !wheel.cancel(new))
    }
}

/// The wheel by reference, because `#expect` calls no mutating function.
private final class Wheel {
    private var wheel: TimerWheel<Int>

    init(now: Instant) { wheel = TimerWheel(now: now) }

    var nextDeadline: Instant? { wheel.nextDeadline }
    var count: Int { wheel.count }
    func schedule(_ payload: Int, at deadline: Instant) -> TimerID { wheel.schedule(payload, at: deadline) }
    func reschedule(_ id: TimerID, at deadline: Instant) -> Bool { wheel.reschedule(id, at: deadline) }
    @discardableResult func cancel(_ id: TimerID) -> Bool { wheel.cancel(id) }
    func advance(to now: Instant) { wheel.advance(to: now) }
    func popDue() -> (id: TimerID, payload: Int)? { wheel.popDue() }
    func removeAll() { wheel.removeAll() }
}

/// Repeatable numbers.
private struct Xorshift {
    var state: UInt64

    mutating func next(below limit: UInt64) -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state % limit
    }
}
