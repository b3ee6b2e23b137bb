import Bytes
import Glibc
import Testing
import Time

@testable import Networking

@Suite("Outgoing connections")
struct ConnectorTests {
    /// What a connector told, and how often.
    final class Log {
        var outcomes: [Connector.Outcome] = []
        var sockets: [TCPSocket] { outcomes.compactMap { try? $0.get() } }
        var errors: [SystemError] {
            outcomes.compactMap { if case .failure(let error) = $0 { error } else { nil } }
        }
    }

    private func connect(_ loop: EventLoop, _ address: SocketAddress, within limit: Duration = .seconds(20))
        -> (connector: Connector, log: Log)
    {
        let log = Log()
        let connector = Connector.connect(to: address, on: loop, within: limit) { log.outcomes.append($0) }
        #expect(log.outcomes.isEmpty, "the outcome never comes inside the call")
        return (connector, log)
    }

    /// A port of the loopback where nobody listens.
    private func closedPort() throws -> SocketAddress {
        try Listener.checkFree(SocketAddress("127.0.0.1:0"))
    }

    @Test("a connection carries bytes both ways", arguments: ["127.0.0.1:0", "[::1]:0"])
    func connects(_ address: String) throws {
        let server = try TestServer(address)
        let (_, log) = connect(server.loop, server.listener.boundAddress)
        let recorder = Recorder()
        #expect(
            try server.loop.turns {
                log.sockets.first?.delegate = recorder
                return log.sockets.count == 1 && server.recorder.sockets.count == 1
            })
        log.sockets[0].send(copying: [1, 2].span)
        server.recorder.sockets[0].send(copying: [3].span)
        #expect(try server.loop.turns { server.recorder.bytes == [1, 2] && recorder.bytes == [3] })
        #expect(log.sockets[0].remoteAddress == server.listener.boundAddress)
        #expect(log.outcomes.count == 1)
        log.sockets[0].abort()
        #expect(try server.loop.turns { recorder.reasons == [.aborted] })
        server.loop.dismantle()
    }

    @Test("a port where nobody listens is refused, once, and nothing stays registered")
    func refused() throws {
        let loop = try EventLoop()
        let (_, log) = connect(loop, try closedPort())
        #expect(try loop.turns { !log.outcomes.isEmpty })
        #expect(log.errors == [SystemError("connect", ECONNREFUSED)])
        for _ in 0..<3 { try loop.turn(sleepingAtMost: .zero) }
        #expect(log.outcomes.count == 1 && loop.descriptorCount == 0)
        loop.dismantle()
    }

    @Test("what the kernel refuses at once is told in a later turn")
    func refusedAtOnce() throws {
        let loop = try EventLoop()
        // A broadcast address takes no TCP connection.
        let (_, log) = connect(loop, try SocketAddress("255.255.255.255:9"))
        #expect(try loop.turns { !log.outcomes.isEmpty })
        #expect(log.errors.count == 1 && log.errors[0].call == "connect")
        #expect(loop.descriptorCount == 0)
        loop.dismantle()
    }

    @Test("a peer that never answers is given up after the time limit")
    func timesOut() throws {
        let loop = try EventLoop()
        let full = try FullBacklog()
        let (_, log) = connect(loop, full.address, within: .milliseconds(20))
        #expect(try loop.turns { !log.outcomes.isEmpty })
        #expect(log.errors == [SystemError("connect", ETIMEDOUT)])
        #expect(loop.descriptorCount == 0)
        loop.dismantle()
    }

    @Test("a cancelled attempt tells nothing, whenever it is cancelled")
    func cancels() throws {
        let server = try TestServer()
        let (early, earlyLog) = connect(server.loop, server.listener.boundAddress)
        early.cancel()
        let full = try FullBacklog()
        let (waiting, waitingLog) = connect(server.loop, full.address, within: .milliseconds(20))
        try server.loop.turn(sleepingAtMost: .zero)
        waiting.cancel()
        waiting.cancel()
        let (late, lateLog) = connect(server.loop, server.listener.boundAddress)
        #expect(try server.loop.turns { lateLog.outcomes.count == 1 })
        late.cancel()
        #expect(lateLog.sockets[0].isOpen)
        let pause = Clock.instant + .milliseconds(40)
        #expect(try server.loop.turns { Clock.instant > pause })
        #expect(earlyLog.outcomes.isEmpty && waitingLog.outcomes.isEmpty && lateLog.outcomes.count == 1)
        server.loop.dismantle()
    }

    @Test("a connection can ask the kernel to find out that its peer is gone")
    func keepAlive() throws {
        let server = try TestServer()
        let (peer, socket) = try server.connect()
        try socket.setKeepAlive(idle: .seconds(5), interval: .milliseconds(2500), count: 3)
        #expect(socket.option(SOL_SOCKET, SO_KEEPALIVE) == 1)
        let tcp = Int32(IPPROTO_TCP)
        #expect(socket.option(tcp, TCP_KEEPIDLE) == 5 && socket.option(tcp, TCP_KEEPINTVL) == 2)
        #expect(socket.option(tcp, TCP_KEEPCNT) == 3 && socket.option(tcp, TCP_USER_TIMEOUT) == 11_000)
        peer.close()
        server.loop.dismantle()
    }
}

extension TCPSocket {
    /// An option whose value is an int.
    fileprivate func option(_ level: Int32, _ name: Int32) -> Int32 {
        var value: Int32 = -1
        var length = socklen_t(4)
        getsockopt(descriptor.number, level, name, &value, &length)
        return value
    }
}

/// A listener whose backlog is full: the kernel drops further attempts, so they hang.
private final class FullBacklog {
    let address: SocketAddress
    private var descriptors: [Int32] = []

    init() throws {
        let listening = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        descriptors = [listening]
        let wanted = try SocketAddress("127.0.0.1:0")
        try checkedCall("bind") { wanted.withSystemAddress { bind(listening, $0, $1) } }
        try checkedCall("listen") { listen(listening, 0) }
        let address = try SocketAddress(localOf: listening)
        self.address = address
        // A backlog of 0 takes one connection; the next ones hang.
        for _ in 0..<3 {
            let filler = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
            descriptors.append(filler)
            _ = address.withSystemAddress { connect(filler, $0, $1) }
        }
    }

    deinit { for descriptor in descriptors { close(descriptor) } }
}
