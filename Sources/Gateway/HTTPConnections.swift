import Chat
import ChatProtocol
import Networking

/// A worker's plain HTTP connections, and the REST calls that wait for the hub.
final class HTTPConnections {
    private unowned let worker: Worker
    let router: Router
    private var lastRequest: RequestID = 0
    private var waiting: [RequestID: (connection: HTTPConnection, answer: (Reply) -> Void)] = [:]
    private var open: [ObjectIdentifier: HTTPConnection] = [:]

    init(worker: Worker) {
        self.worker = worker
        router = Router(worker: worker)
    }

    @discardableResult
    func begin(_ socket: TCPSocket, _ id: ConnectionID, from peer: Peer) -> HTTPConnection {
        let connection = HTTPConnection(socket, id: id, from: peer, worker: worker, connections: self)
        open[ObjectIdentifier(connection)] = connection
        return connection
    }

    /// The connection is no longer HTTP: gone, or a WebSocket now.
    func end(_ connection: HTTPConnection) { open[ObjectIdentifier(connection)] = nil }

    /// Asks the hub on behalf of a caller; `answer` runs when it has decided.
    func ask(
        _ caller: Caller, _ command: Command, for connection: HTTPConnection,
        answer: @escaping (Reply) -> Void
    ) {
        lastRequest += 1
        waiting[lastRequest] = (connection, answer)
        worker.tell(.request(lastRequest, caller, command))
    }

    func respond(_ id: RequestID, _ reply: Reply) {
        waiting.removeValue(forKey: id)?.answer(reply)
    }

    /// Nothing more is taken: idle connections end now, others after their answer.
    func drain() {
        for connection in open.values { connection.drain() }
    }
}
