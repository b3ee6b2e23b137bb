import Glibc
import Testing

@testable import Networking

@Suite("Peers that vanish")
struct KeepAliveTests {
    private static func option(_ level: Int32, _ name: Int32, of descriptor: Int32) -> Int32 {
        var value: Int32 = -1
        var length = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(descriptor, level, name, &value, &length)
        return value
    }

    /// Two minutes of a dead cable cannot be had in a test: what the kernel is told to do then is read back.
    @Test("whoever is accepted is asked for signs of life, and given up after two minutes without")
    func isInherited() throws {
        let server = try TestServer()
        let peer = TestPeer(to: server.listener.boundAddress)
        #expect(try server.loop.turns { server.recorder.sockets.count == 1 })
        let number = server.recorder.sockets[0].descriptor.number
        let tcp = Int32(IPPROTO_TCP)
        #expect(Self.option(SOL_SOCKET, SO_KEEPALIVE, of: number) == 1)
        #expect(Self.option(tcp, TCP_KEEPIDLE, of: number) == 60)
        #expect(Self.option(tcp, TCP_KEEPINTVL, of: number) == 15)
        #expect(Self.option(tcp, TCP_KEEPCNT, of: number) == 4)
        #expect(Self.option(tcp, TCP_USER_TIMEOUT, of: number) == 120_000)
        peer.close()
        server.loop.dismantle()
    }
}
