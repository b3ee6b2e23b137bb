import DequeModule
import Networking
import Time

/// Carries REST requests to the instances over a few connections each, kept alive, one request at a time on
/// each. It repeats nothing.
final class RESTDesk {
    /// The response, or why there is none.
    typealias Completion = (Result<ResponseReader.Response, RESTFailure>) -> Void

    /// A request that waits for a connection.
    struct Errand {
        let bytes: [UInt8]
        let completion: Completion
    }

    private static let connectionsPerTarget = 64

    private let dialer: Dialer
    private var idle: [[RESTConnection]]
    private var count: [Int]
    private var waiting: [Deque<Errand>]

    /// No connections yet.
    init(_ dialer: Dialer) {
        self.dialer = dialer
        idle = dialer.targets.map { _ in [] }
        count = dialer.targets.map { _ in 0 }
        waiting = dialer.targets.map { _ in [] }
    }

    /// Sends a request to an instance as soon as a connection is free; `completion` is never called inside
    /// the call.
    func request(_ target: Int, _ bytes: [UInt8], completion: @escaping Completion) {
        waiting[target].append(Errand(bytes: bytes, completion: completion))
        serve(target)
    }

    /// A connection has nothing to do any more.
    func free(_ connection: RESTConnection) {
        idle[connection.target].append(connection)
        serve(connection.target)
    }

    /// A connection is gone.
    func lose(_ connection: RESTConnection) {
        idle[connection.target].removeAll { $0 === connection }
        count[connection.target] -= 1
        serve(connection.target)
    }

    private func serve(_ target: Int) {
        while !waiting[target].isEmpty {
            if let connection = idle[target].popLast() {
                connection.carry(waiting[target].removeFirst())
            } else if count[target] < Self.connectionsPerTarget {
                count[target] += 1
                let connection = RESTConnection(target, by: dialer, for: self)
                connection.carry(waiting[target].removeFirst())
            } else {
                return
            }
        }
    }
}

/// Why a request has no response: nobody knows whether it was carried out.
struct RESTFailure: Error {
    /// In words.
    let sentence: String
}

/// One connection of the desk.
final class RESTConnection: TCPSocketDelegate, TimerHandler {
    private static let timeLimit: Duration = .seconds(30)

    /// The instance.
    let target: Int
    private let loop: EventLoop
    private let desk: RESTDesk
    private var socket: TCPSocket?
    private var reader = ResponseReader()
    private var errand: RESTDesk.Errand?
    private var timer: TimerID?
    private var isOver = false

    /// Begins to connect.
    init(_ target: Int, by dialer: Dialer, for desk: RESTDesk) {
        self.target = target
        loop = dialer.loop
        self.desk = desk
        dialer.connect(to: target) { [self] result in connected(result) }
    }

    /// Carries one request; only while it carries none.
    func carry(_ errand: RESTDesk.Errand) {
        self.errand = errand
        timer = loop.schedule(self, at: loop.now + Self.timeLimit)
        socket?.send(copying: errand.bytes.span)
    }

    private func connected(_ result: Result<TCPSocket, SystemError>) {
        switch result {
        case .failure(let error): end(error.description)
        case .success(let socket):
            guard !isOver else { return socket.abort() }
            self.socket = socket
            socket.delegate = self
            if let errand { socket.send(copying: errand.bytes.span) }
        }
    }

    private func end(_ sentence: String) {
        guard !isOver else { return }
        isOver = true
        socket?.abort()
        let last = takeErrand()
        desk.lose(self)
        last?.completion(.failure(RESTFailure(sentence: sentence)))
    }

    private func takeErrand() -> RESTDesk.Errand? {
        if let timer { loop.cancel(timer) }
        timer = nil
        return errand.take()
    }

    /// The answer has not come in time.
    func timerFired(token: Int) { end("no answer within \(Self.timeLimit)") }

    /// Bytes came.
    func received(_ bytes: Span<UInt8>, on socket: TCPSocket) {
        guard !isOver else { return }
        reader.receive(bytes)
        do throws(ResponseError) {
            guard let response = try reader.next() else { return }
            guard let last = takeErrand() else { return end("an answer nobody asked for") }
            if response.closes { end("closed") } else { desk.free(self) }
            last.completion(.success(response))
        } catch {
            end(error.sentence)
        }
    }

    /// The server sends no more.
    func peerEnded(_ socket: TCPSocket) { end("the server closed the connection") }

    /// Nobody waits for it.
    func drained(_ socket: TCPSocket) {}

    /// The connection is over.
    func closed(_ socket: TCPSocket, because reason: ConnectionEnd) {
        self.socket = nil
        end("\(reason)")
    }
}
