import Testing
import Time

@testable import Networking

@Suite("The event loop")
struct EventLoopTests {
    /// Writes down the order in which the points of a turn are reached.
    final class Diary {
        var entries: [String] = []
    }

    final class Station: ReadinessHandler, TimerHandler, TurnHandler, MailboxHandler {
        let diary: Diary
        let name: String
        var onTimer: () -> Void = {}

        init(_ name: String, in diary: Diary) { (self.name, self.diary) = (name, diary) }

        func ready(_ readiness: Readiness) { diary.entries.append("\(name) ready") }
        func turn() { diary.entries.append("\(name) end") }
        func received(_ messages: [Int]) { diary.entries.append("\(name) mail") }

        func timerFired(token: Int) {
            diary.entries.append("\(name) timer \(token)")
            onTimer()
        }
    }

    @Test("a turn goes: descriptors, mailboxes, timers by deadline, end-of-turn handlers as registered")
    func order() throws {
        let loop = try EventLoop()
        let diary = Diary()
        let (first, second) = (Station("first", in: diary), Station("second", in: diary))
        let pipe = Pipe()
        let receiver = try MailboxReceiver(on: loop, handler: second)
        _ = try loop.register(pipe.reading, for: .readable, handler: first)
        loop.atTurnEnd(second)
        loop.atTurnEnd(first)
        _ = loop.schedule(first, token: 2, at: loop.now + .nanoseconds(2))
        _ = loop.schedule(second, token: 1, at: loop.now + .nanoseconds(1))
        receiver.mailbox.post(1)
        pipe.signal()
        try loop.turn()
        #expect(
            diary.entries == [
                "first ready", "second mail", "second timer 1", "first timer 2", "second end", "first end",
            ])
        loop.dismantle()
    }

    @Test("both clocks stand still within a turn and move between turns")
    func time() throws {
        let loop = try EventLoop()
        let diary = Diary()
        let station = Station("it", in: diary)
        let before = loop.moment
        let deadline = loop.now + .milliseconds(2)
        var moments: [Moment] = []
        station.onTimer = { moments.append(loop.moment) }
        _ = loop.schedule(station, at: deadline)
        _ = loop.schedule(station, at: loop.now)
        #expect(try loop.turns { moments.count == 2 })
        #expect(moments.allSatisfy { $0.instant > before.instant && $0.wall >= before.wall })
        #expect(moments[1].instant >= deadline)
        loop.dismantle()
    }

    @Test("a timer can be moved and cancelled through the loop")
    func timers() throws {
        let loop = try EventLoop()
        let diary = Diary()
        let station = Station("it", in: diary)
        let moved = loop.schedule(station, token: 1, at: .distantFuture)
        let cancelled = loop.schedule(station, token: 2, at: loop.now)
        #expect(loop.cancel(cancelled))
        #expect(loop.reschedule(moved, at: loop.now))
        #expect(try loop.turns { diary.entries == ["it timer 1"] })
        #expect(!loop.cancel(moved))
        loop.dismantle()
    }

    @Test("run ends with the turn in which stop was called")
    func stops() throws {
        let loop = try EventLoop()
        let diary = Diary()
        let station = Station("it", in: diary)
        station.onTimer = { loop.stop() }
        loop.atTurnEnd(station)
        _ = loop.schedule(station, at: loop.now)
        try loop.run()
        #expect(diary.entries.suffix(2) == ["it timer 0", "it end"])
        loop.dismantle()
    }

    @Test("dismantling lets go of every handler")
    func dismantles() throws {
        weak var gone: Station?
        let loop = try EventLoop()
        let pipe = Pipe()
        do {
            let station = Station("it", in: Diary())
            gone = station
            _ = try loop.register(pipe.reading, for: .readable, handler: station)
            _ = loop.schedule(station, at: .distantFuture)
            loop.atTurnEnd(station)
        }
        #expect(gone != nil)
        loop.dismantle()
        #expect(gone == nil && loop.descriptorCount == 0)
    }
}
