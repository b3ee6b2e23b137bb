import Glibc
import Testing
import Time

@testable import Networking

@Suite("Listeners")
struct ListenerTests {
    @Test("port 0 becomes the kernel's choice, and many connections are accepted over several turns")
    func acceptsMany() throws {
        let server = try TestServer()
        #expect(server.listener.boundAddress.port != 0)
        let peers = (0..<150).map { _ in TestPeer(to: server.listener.boundAddress) }
        let before = server.loop.turns
        #expect(try server.loop.turns { server.recorder.sockets.count == peers.count })
        #expect(server.loop.turns - before >= 3)
        server.loop.dismantle()
    }

    @Test("an address somebody listens on is not free, even if that one shares its port")
    func checksFree() throws {
        let loop = try EventLoop()
        let recorder = Recorder()
        let any = try SocketAddress("127.0.0.1:0")
        let first = try Listener(on: loop, address: any, backlog: 8, reusesPort: true, delegate: recorder)
        let taken = first.boundAddress
        let second = try Listener(on: loop, address: taken, backlog: 8, reusesPort: true, delegate: recorder)
        #expect(second.boundAddress == taken)
        let error = #expect(throws: SystemError.self) { try Listener.checkFree(taken) }
        #expect(error?.description == "bind: Address already in use")
        #expect(error?.isAddressInUse == true)
        first.close()
        second.close()
        second.close()
        _ = try Listener.checkFree(taken)
        #expect(loop.descriptorCount == 0)
        loop.dismantle()
    }

    @Test("a connection nobody takes is aborted")
    func abortsUnwanted() throws {
        let server = try TestServer()
        server.recorder.takesSockets = false
        let peer = TestPeer(to: server.listener.boundAddress)
        #expect(try server.loop.turns { peer.wasReset })
        #expect(server.loop.descriptorCount == 1)
        server.loop.dismantle()
    }

    @Test("who is refused is told why at once and closed; nothing is made of the connection")
    func refuses() throws {
        let server = try TestServer()
        server.recorder.refusal = Array("no room\n".utf8)
        let silent = TestPeer(to: server.listener.boundAddress)
        let eager = TestPeer(to: server.listener.boundAddress)
        eager.send(Array("GET / HTTP/1.1\r\n\r\n".utf8))
        var heard: [UInt8] = []
        #expect(
            try server.loop.turns {
                heard += silent.receive() ?? []
                return heard == Array("no room\n".utf8) && silent.receive() == []
            })
        #expect(try server.loop.turns { eager.receive() == Array("no room\n".utf8) })
        #expect(server.recorder.sockets.isEmpty && server.loop.descriptorCount == 1)
        server.recorder.refusal = nil
        let welcome = TestPeer(to: server.listener.boundAddress)
        #expect(try server.loop.turns { server.recorder.sockets.count == 1 })
        welcome.close()
        server.loop.dismantle()
    }

    @Test("a flood of those who are refused goes in a few turns, several hundred in each")
    func refusesMany() throws {
        let server = try TestServer()
        server.recorder.refusal = []
        let peers = (0..<150).map { _ in TestPeer(to: server.listener.boundAddress) }
        let before = server.loop.turns
        #expect(try server.loop.turns { peers.allSatisfy { $0.receive() == [] || $0.wasReset } })
        #expect(server.loop.turns - before <= 2)
        server.loop.dismantle()
    }

    /// In a process of its own, because it uses up the descriptors of the whole process.
    @Test(
        "without a descriptor left, all who wait are told and closed, the loop sleeps, and later it accepts")
    func outOfDescriptors() async {
        await #expect(processExitsWith: .success) {
            let server = try TestServer()
            server.recorder.farewell = Array("later\n".utf8)
            var peers = (0..<60).map { _ in TestPeer(to: server.listener.boundAddress) }
            var limit = rlimit(rlim_cur: 256, rlim_max: 256)
            setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            var taken: [Int32] = []
            // The test library's own threads may give a descriptor back meanwhile.
            func takeAll() {
                while case let number = open("/dev/null", O_RDONLY), number >= 0 { taken.append(number) }
            }
            takeAll()
            let before = server.loop.turns
            let haveEnded = try server.loop.turns {
                takeAll()
                return server.listener.refusedConnections + server.recorder.sockets.count == peers.count
            }
            expectInChild(1, haveEnded)
            expectInChild(2, server.loop.turns - before < 10)
            expectInChild(3, server.recorder.sockets.count < 10)
            let told = peers.filter { $0.receive() == Array("later\n".utf8) }
            expectInChild(4, told.count == server.listener.refusedConnections)
            // Nobody waits: the loop sleeps until its timer.
            let alarm = Alarm()
            _ = server.loop.schedule(alarm, at: server.loop.now + .milliseconds(300))
            let asleep = server.loop.turns
            while !alarm.hasFired { try server.loop.turn() }
            expectInChild(5, server.loop.turns - asleep < 8)
            for number in taken { close(number) }
            let accepted = server.recorder.sockets.count
            peers.append(TestPeer(to: server.listener.boundAddress))
            let hasAccepted = try server.loop.turns { server.recorder.sockets.count == accepted + 1 }
            expectInChild(6, hasAccepted)
        }
    }

    @Test("where the spare descriptor has gone too, the loop pauses instead of spinning, and comes back")
    func withoutSpare() async {
        await #expect(processExitsWith: .success) {
            let server = try TestServer()
            let peers = (0..<3).map { _ in TestPeer(to: server.listener.boundAddress) }
            // Nothing can be opened at all, the spare one neither once it is let go of.
            var limit = rlimit(rlim_cur: 0, rlim_max: 256)
            setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            let alarm = Alarm()
            _ = server.loop.schedule(alarm, at: server.loop.now + .milliseconds(450))
            let before = server.loop.turns
            while !alarm.hasFired { try server.loop.turn() }
            expectInChild(1, server.recorder.sockets.isEmpty && server.listener.refusedConnections == 0)
            expectInChild(2, server.loop.turns - before < 20)
            limit.rlim_cur = 256
            setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            let haveCome = try server.loop.turns { server.recorder.sockets.count == peers.count }
            expectInChild(3, haveCome)
        }
    }
}

/// Notes that its time has come.
private final class Alarm: TimerHandler {
    var hasFired = false
    func timerFired(token: Int) { hasFired = true }
}

/// Ends the child process with `code` where the rule is broken: an exit code is what the parent can show.
private func expectInChild(_ code: Int32, _ holds: Bool) {
    if !holds { exit(code) }
}
