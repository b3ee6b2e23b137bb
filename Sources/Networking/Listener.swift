internal import CLinux
import Glibc
import Time

/// Accepts connections on one address, so many a turn that the connected ones are not kept waiting.
package final class Listener: ReadinessHandler, TimerHandler {
    /// What a turn may cost: one for a connection that is refused, `acceptEffort` for one that is let in.
    private static let effortPerTurn = 256
    private static let acceptEffort = 4
    /// Held by whom a descriptor may come to that is free for a moment only: all listeners of the process.
    private static let exchange = Lock(())
    private static let pauseWithoutDescriptors = Duration.milliseconds(100)

    /// Where it listens; the kernel's choice where port 0 was asked for.
    package let boundAddress: SocketAddress
    /// Connections closed at once because the process had no descriptor left for them.
    package private(set) var refusedConnections = 0

    private let loop: EventLoop
    private weak var delegate: (any ListenerDelegate)?
    private var descriptor: Descriptor
    private var registration = Registration.none
    /// Given up for a moment when no other descriptor is left, to accept a connection and close it.
    private var spare = Listener.openSpare()
    private var isClosed = false
    private var retry: TimerID?

    /// Listens on `address`. With `reusesPort` several loops listen on the same one and the kernel spreads
    /// connections over them; `checkFree` then tells whether a stranger does too. IPv6 addresses take IPv6
    /// only.
    package init(
        on loop: EventLoop, address: SocketAddress, backlog: Int32, reusesPort: Bool,
        delegate: any ListenerDelegate
    ) throws(SystemError) {
        self.loop = loop
        self.delegate = delegate
        descriptor = try Self.bind(address, reusesPort: reusesPort)
        let number = descriptor.number
        boundAddress = try SocketAddress(localOf: number)
        try KeepAlive.ofGuests.set(on: number)
        try checkedCall("listen") { listen(number, backlog) }
        registration = try loop.register(number, for: .readable, handler: self)
    }

    /// The address as it can be listened on now: port 0 is replaced by the kernel's choice. Throws where
    /// somebody, in this process or another, listens there already, or it is not this machine's.
    ///
    /// With SO_REUSEPORT a second server would silently take half of the first one's connections, so this
    /// binds without it, and lets go again.
    package static func checkFree(_ address: SocketAddress) throws(SystemError) -> SocketAddress {
        let probe = try bind(address, reusesPort: false)
        return try SocketAddress(localOf: probe.number)
    }

    /// Stops listening. Connections in the kernel's backlog are reset; accepted ones live on.
    package func close() {
        if isClosed { return }
        isClosed = true
        if let retry { loop.cancel(retry) }
        loop.unregister(registration, descriptor.number)
        descriptor.close()
        spare.close()
    }

    /// Connections wait.
    package func ready(_ readiness: Readiness) {
        var effort = 0
        while effort < Self.effortPerTurn {
            if isClosed || retry != nil { return }
            guard let cost = acceptOne() else { return }
            effort += cost
        }
    }

    /// The pause for want of descriptors is over.
    package func timerFired(token: Int) {
        retry = nil
        if spare.number < 0 { spare = Self.openSpare() }
        updateInterest()
    }
}

extension Listener {
    private static func openSpare() -> Descriptor { Descriptor(open("/dev/null", O_RDONLY | O_CLOEXEC)) }

    private static func bind(_ address: SocketAddress, reusesPort: Bool) throws(SystemError) -> Descriptor {
        let number = try checkedCall("socket") { socket(address.family, LINUX_STREAM_SOCKET, 0) }
        let descriptor = Descriptor(number)
        // A restart must not wait for connections of its predecessor that are in TIME_WAIT.
        try setSocketOption(number, SOL_SOCKET, SO_REUSEADDR, to: 1)
        if reusesPort { try setSocketOption(number, SOL_SOCKET, SO_REUSEPORT, to: 1) }
        if address.isIPv6 { try setSocketOption(number, LINUX_IPV6_LEVEL, IPV6_V6ONLY, to: 1) }
        try checkedCall("bind") { address.withSystemAddress { Glibc.bind(number, $0, $1) } }
        return descriptor
    }

    /// Accepts a connection, and says what it cost; nil where none waits or it is time to stop.
    private func acceptOne() -> Int? {
        var storage = sockaddr_storage()
        do {
            guard case .done(let number) = try acceptInTurn(&storage) else { return nil }
            let accepted = Descriptor(Int32(number))
            guard let remote = SocketAddress(storage) else { return 1 }
            if case .refused(let words)? = delegate?.judge(remote, by: self) {
                refuse(accepted, telling: words)
                return 1
            }
            let socket = try TCPSocket(accepted, from: remote, on: loop)
            delegate?.accepted(socket, by: self)
            if socket.delegate == nil { socket.abort() }
            return Self.acceptEffort
        } catch {
            return survive(error) ? 1 : nil
        }
    }

    /// Not while another listener exchanges its spare descriptor for a connection: this one would take it.
    private func acceptInTurn(_ storage: inout sockaddr_storage) throws(SystemError) -> SystemResult {
        try Self.exchange.withLock { _ in Result { () throws(SystemError) in try accept(&storage) } }.get()
    }

    private func accept(_ storage: inout sockaddr_storage) throws(SystemError) -> SystemResult {
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return try systemCall("accept4") {
            withUnsafeMutablePointer(to: &storage) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    Int(accept4(descriptor.number, $0, &length, LINUX_ACCEPT_FLAGS))
                }
            }
        }
    }

    /// Says whether to go on accepting after `error`.
    private func survive(_ error: SystemError) -> Bool {
        switch error.code {
        case EMFILE, ENFILE, ENOBUFS, ENOMEM, ENOSPC:
            // Left alone, connections would stay in the backlog and wake the loop without end.
            if error.isOutOfDescriptors, refuseWaiting() { return false }
            retry = loop.schedule(self, at: loop.now + Self.pauseWithoutDescriptors)
            updateInterest()
            return false
        default:
            // accept(2): errors of the one connection, which has gone before it was accepted.
            return true
        }
    }

    /// Accepts those who wait by the spare descriptor, one after the other, and closes them. False where it
    /// has gone to somebody else.
    private func refuseWaiting() -> Bool {
        let words = delegate?.farewell(by: self) ?? []
        return Self.exchange.withLock { _ in
            spare.close()
            defer { spare = Self.openSpare() }
            for _ in 0..<Self.effortPerTurn {
                do throws(SystemError) {
                    var storage = sockaddr_storage()
                    guard case .done(let number) = try accept(&storage) else { return true }
                    refuse(Descriptor(Int32(number)), telling: words)
                    refusedConnections += 1
                } catch {
                    if error.isOutOfDescriptors { return false }
                }
            }
            return true
        }
    }

    /// What has come of a request is read and forgotten: closing over it would reset the connection, and the
    /// peer might never see the words.
    private func refuse(_ connection: consuming Descriptor, telling words: [UInt8]) {
        let number = connection.number
        if !words.isEmpty {
            _ = send(number, words, words.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
            _ = recv(number, loop.readBuffer, loop.readBufferSize, Int32(MSG_DONTWAIT))
            shutdown(number, Int32(SHUT_WR))
        }
        connection.close()
    }

    private func updateInterest() {
        if isClosed { return }
        let interest: Readiness = retry != nil ? [] : .readable
        // Cannot fail for a registered descriptor short of memory; then the old interest stands.
        try? loop.change(registration, descriptor.number, to: interest)
    }
}
