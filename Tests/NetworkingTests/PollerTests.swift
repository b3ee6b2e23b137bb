import Glibc
import Testing

@testable import Networking

@Suite("The poller")
struct PollerTests {
    /// Counts what it is told, and does what the test says.
    final class Watcher: ReadinessHandler {
        var told = 0
        var onReady: () throws -> Void = {}

        func ready(_ readiness: Readiness) {
            told += 1
            do { try onReady() } catch { Issue.record(error) }
        }
    }

    @Test(
        "an event of a descriptor given up earlier in the turn is dropped, also if its slot has a new owner")
    func staleEvents() throws {
        let poller = try Poller()
        let pipes = (0..<3).map { _ in Pipe() }
        let watchers = (0..<3).map { _ in Watcher() }
        var registrations: [Registration] = []
        for index in 0..<2 {
            pipes[index].signal()
            let watcher = watchers[index]
            registrations.append(try poller.add(pipes[index].reading, for: .readable, handler: watcher))
        }
        let old = registrations
        // Whoever is told first takes the other's slot away and gives it to a third that is not ready.
        for (index, other) in [(0, 1), (1, 0)] {
            watchers[index].onReady = {
                poller.remove(old[other], pipes[other].reading)
                let new = try poller.add(pipes[2].reading, for: .readable, handler: watchers[2])
                #expect(new.slot == old[other].slot && new.generation != old[other].generation)
            }
        }
        let count = try poller.wait(milliseconds: 1000)
        #expect(count == 2)
        poller.dispatch(count)
        #expect(watchers[0].told + watchers[1].told == 1)
        #expect(watchers[2].told == 0)
        #expect(poller.staleEvents == 1)
        #expect(poller.count == 2)
    }

    @Test("a registration that was removed neither changes nor removes its successor")
    func staleRegistration() throws {
        let poller = try Poller()
        let pipe = Pipe()
        let watcher = Watcher()
        let old = try poller.add(pipe.reading, for: .readable, handler: watcher)
        poller.remove(old, pipe.reading)
        _ = try poller.add(pipe.reading, for: .readable, handler: watcher)
        poller.remove(old, pipe.reading)
        try poller.change(old, pipe.reading, to: [])
        try poller.change(.none, pipe.reading, to: [])
        pipe.signal()
        poller.dispatch(try poller.wait(milliseconds: 1000))
        #expect(watcher.told == 1)
        poller.removeAll()
        #expect(poller.count == 0)
    }

    @Test("a descriptor the kernel does not know is an error and takes no slot")
    func unknownDescriptor() throws {
        let poller = try Poller()
        let error = #expect(throws: SystemError.self) {
            _ = try poller.add(-1, for: .readable, handler: Watcher())
        }
        #expect(error?.description == "epoll_ctl: Bad file descriptor")
        #expect(poller.count == 0)
    }
}

/// A pipe that closes itself.
final class Pipe {
    let reading: Int32
    private let writing: Int32

    init() {
        var ends: [Int32] = [0, 0]
        precondition(pipe(&ends) == 0)
        (reading, writing) = (ends[0], ends[1])
    }

    deinit {
        close(reading)
        close(writing)
    }

    func signal() {
        var byte: UInt8 = 1
        precondition(write(writing, &byte, 1) == 1)
    }
}
