import Glibc
import Testing

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

    /// In a process of its own, because it uses up the descriptors of the whole process.
    @Test(
        "without a descriptor left, connections are closed and counted, the loop sleeps, and later it accepts"
    )
    func outOfDescriptors() async {
        await #expect(processExitsWith: .success) {
            let server = try TestServer()
            let peers = (0..<3).map { _ in TestPeer(to: server.listener.boundAddress) }
            var limit = rlimit(rlim_cur: 256, rlim_max: 256)
            setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            var taken: [Int32] = []
            while case let number = open("/dev/null", O_RDONLY), number >= 0 { taken.append(number) }
            let hasRefused = try server.loop.turns { server.listener.refusedConnections == 1 }
            expectInChild(1, hasRefused)
            // The others wait in the backlog and must not keep the loop awake: this turn ends with the pause,
            // and the next one meets them again.
            try server.loop.turn()
            expectInChild(2, server.listener.refusedConnections == 1)
            // The test library's own threads may have given a descriptor back meanwhile.
            while case let number = open("/dev/null", O_RDONLY), number >= 0 { taken.append(number) }
            try server.loop.turn()
            expectInChild(3, server.listener.refusedConnections == 2)
            for number in taken { close(number) }
            let hasAccepted = try server.loop.turns { server.recorder.sockets.count == 1 }
            expectInChild(4, hasAccepted)
            expectInChild(5, peers.filter { $0.receive() == [] || $0.wasReset }.count == 2)
        }
    }
}

/// Ends the child process with `code` where the rule is broken: an exit code is what the parent can show.
private func expectInChild(_ code: Int32, _ holds: Bool) {
    if !holds { exit(code) }
}
