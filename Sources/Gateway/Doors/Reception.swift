import Logging
import Networking

/// Where a worker's connections come in: everything between the kernel's accept and the first request.
final class Reception: ListenerDelegate {
    private unowned let worker: Worker
    /// Where TLS begins.
    let secure: SecureDoor
    private var listeners: [(listener: Listener, isSecure: Bool)] = []
    private var lastConnection: UInt64 = 0

    init(worker: Worker) {
        self.worker = worker
        secure = SecureDoor(worker: worker)
    }

    /// Listens there, beside the other workers; where exactly is what comes back.
    func listen(at addresses: [ListenAddress]) throws(SystemError) -> [SocketAddress] {
        for place in addresses {
            let listener = try Listener(
                on: worker.loop, address: place.address, backlog: 1_024, reusesPort: true, delegate: self)
            listeners.append((listener, place.isSecure))
        }
        return listeners.map(\.listener.boundAddress)
    }

    /// Nobody comes in any more; who is in stays.
    func close() {
        for (listener, _) in listeners { listener.close() }
        secure.close()
    }

    /// Connections closed at once because no descriptor was left.
    var withoutDescriptor: Int { listeners.reduce(0) { $0 + $1.listener.refusedConnections } }

    func accepted(_ socket: TCPSocket, by listener: Listener) {
        worker.counters.accepted += 1
        worker.counters.connections += 1
        lastConnection += 1
        let id = ConnectionID(worker: worker.index, number: lastConnection)
        worker.log.debug("connection opened", metadata: ["connection": "\(id)"])
        let isSecure = listeners.contains { $0.listener === listener && $0.isSecure }
        let peer = Peer(address: socket.remoteAddress, neighbour: socket.remoteAddress, isSecure: isSecure)
        guard isSecure else { return worker.http.begin(socket, id, from: peer) }
        let nothing: [UInt8] = []
        secure.begin(socket, id, receiving: nothing.span) { [unowned worker] in
            worker.http.begin(socket, id, from: peer)
        }
    }
}
