import Networking
import TLS
import Time

/// How a crowd gets to the instances: over TCP, and over TLS where a URL says https. Confined to its loop.
final class Dialer {
    /// As `Connector`'s. What is sent leaves once TLS is there; where that fails the socket ends.
    typealias Outcome = Connector.Outcome

    let loop: EventLoop
    let targets: [Target]
    /// Begins TLS with the session of an earlier connection, once there was one.
    var resumes = false
    /// TLS handshakes that went on with an earlier session.
    private(set) var resumed = 0
    /// Why the last TLS handshake failed.
    private(set) var refusal: String?

    private static let timeLimit: Duration = .seconds(10)
    private let context: TLSContext?
    private lazy var engine = TLSEngine()
    private var session: TLSSession?
    /// The first stream that was established, until it has given its session.
    private var first: TLSStream?

    /// `tls`: what is believed of the instances with https; needed only for them.
    init(_ targets: [Target], on loop: EventLoop, tls: TLSContext? = nil) {
        self.targets = targets
        self.loop = loop
        context = tls
    }

    /// Connects to an instance; `completion` is never called inside the call.
    func connect(to target: Int, completion: @escaping (Outcome) -> Void) {
        let target = targets[target]
        Connector.connect(to: target.address, on: loop, within: Self.timeLimit) { [self] outcome in
            if case .success(let socket) = outcome, target.isSecure, let context {
                secure(socket, for: target, by: context)
            }
            completion(outcome)
        }
    }

    private func secure(_ socket: TCPSocket, for target: Target, by context: TLSContext) {
        if resumes, session == nil, let offered = first?.session, offered.isResumable {
            session = offered
            first = nil
        }
        let stream = TLSStream(
            connecting: context, engine: engine, to: target.name, resuming: resumes ? session : nil)
        stream.delegate = Greeter(self, socket)
        socket.install(stream)
    }

    fileprivate func established(_ stream: TLSStream) {
        if stream.isResumed { resumed += 1 }
        if resumes, session == nil, first == nil { first = stream }
    }

    fileprivate func refused(because failure: TLSFailure) { refusal = failure.description }
}

/// Waits for the end of one TLS handshake.
private final class Greeter: TLSStreamDelegate {
    private let dialer: Dialer
    /// Kept until then; afterwards it is its delegate's.
    private let socket: TCPSocket

    init(_ dialer: Dialer, _ socket: TCPSocket) {
        self.dialer = dialer
        self.socket = socket
    }

    func established(_ stream: TLSStream) {
        dialer.established(stream)
        socket.layerIsReady()
    }

    func refused(_ stream: TLSStream, because failure: TLSFailure) { dialer.refused(because: failure) }
}
