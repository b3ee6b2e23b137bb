import Logging
import Networking

/// Where a worker's connections come in: everything between the kernel's accept and the first request.
///
/// A connection goes through steps, each in a file of its own: it is admitted (`Reception+Admission`), says
/// whose it is if it is a proxy's (`Preface`), is made secure (`Reception+Security`), and is handed to HTTP.
final class Reception: ListenerDelegate {
    unowned let worker: Worker
    /// Where TLS begins.
    let secureDoor: SecureDoor
    private var listeners: [(listener: Listener, isSecure: Bool)] = []
    private var lastConnection: UInt64 = 0
    /// Of the connection that was just judged, until it is handed over.
    var pass: Pass?

    init(worker: Worker) {
        self.worker = worker
        secureDoor = SecureDoor(worker: worker)
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
        secureDoor.close()
    }

    /// Connections closed at once because no descriptor was left.
    var withoutDescriptor: Int { listeners.reduce(0) { $0 + $1.listener.refusedConnections } }

    /// Whether TLS is spoken there.
    func isSecure(_ listener: Listener) -> Bool {
        listeners.contains { $0.listener === listener && $0.isSecure }
    }

    func judge(_ remote: SocketAddress, by listener: Listener) -> ListenerVerdict {
        admit(remote, by: listener)
    }

    func farewell(by listener: Listener) -> [UInt8] { wordsWithoutDescriptor(by: listener) }

    func accepted(_ socket: TCPSocket, by listener: Listener) {
        guard let pass else { preconditionFailure("nobody comes in who was not judged") }
        self.pass = nil
        socket.companion = pass
        worker.counters.accepted += 1
        worker.counters.connections += 1
        lastConnection += 1
        let id = ConnectionID(worker: worker.index, number: lastConnection)
        worker.log.debug(
            "connection opened", metadata: ["connection": "\(id)", "peer": "\(socket.remoteAddress)"])
        let isTLS = isSecure(listener)
        let peer = worker.proxies.neighbour(socket.remoteAddress, isSecure: isTLS)
        let arrival = Arrival(socket: socket, id: id, isTLS: isTLS, pass: pass, peer: peer)
        if worker.proxies.expectsPreface(from: socket.remoteAddress) {
            _ = Preface(of: arrival, at: self)
        } else {
            secure(arrival)
        }
    }

    /// The last step: whatever comes now are requests.
    func greet(_ arrival: Arrival) {
        let connection = worker.http.begin(arrival.socket, arrival.id, from: arrival.peer)
        if !arrival.early.isEmpty { connection.received(arrival.early.span, on: arrival.socket) }
    }
}
