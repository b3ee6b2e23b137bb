internal import CLibpq
import Networking
import Time

/// Makes one connection to a target: looks up its hosts, tries every address in turn, each within a time
/// limit, and hands over libpq's connection as soon as one may be used. Nothing of it blocks.
final class PostgresDial: ReadinessHandler, TimerHandler {
    typealias Outcome = Result<OpaquePointer, PostgresError>

    /// One address to try.
    private struct Candidate {
        /// As the target names it; certificates are checked against it.
        let host: String?
        let port: UInt16
        /// What the name resolved to; nil for a Unix socket.
        let address: SocketAddress?
    }

    private let target: PostgresTarget
    private let loop: EventLoop
    private let settings: [String: String]
    private let limit: Duration
    private var completion: ((Outcome) -> Void)?
    private var candidates: [Candidate] = []
    private var current: Candidate?
    private var link: OpaquePointer?
    private var watched: (registration: Registration, descriptor: Int32)?
    private var timer: TimerID?
    /// Why the last candidate failed.
    private var failure = PostgresError.cannotConnect("No address was tried.")

    /// Begins; the outcome comes later, on the loop. Each address gets `limit`.
    init(
        _ target: PostgresTarget, on loop: EventLoop, resolver: NameResolver, settings: [String: String],
        limit: Duration, completion: @escaping (Outcome) -> Void
    ) {
        self.target = target
        self.loop = loop
        self.settings = settings
        self.limit = limit
        self.completion = completion
        resolve(target.hosts[...], with: resolver)
    }

    deinit { PQfinish(link) }

    /// Gives up; nothing is told.
    func cancel() {
        completion = nil
        drop()
    }

    /// The socket can go on.
    func ready(_ readiness: Readiness) { poll() }

    /// It is this address's turn, or it has had its time.
    func timerFired(token: Int) {
        timer = nil
        guard completion != nil else { return }
        if let current {
            let place = Self.place(of: current)
            fail(
                "What answers at \(place) does not speak Postgres within \(limit): correct the host and the "
                    + "port, or see why the server hangs.")
        } else {
            tryNext()
        }
    }

    private func resolve(_ hosts: ArraySlice<(name: String?, port: UInt16)>, with resolver: NameResolver) {
        guard let (name, port) = hosts.first else {
            // Never inside the call, even where no name was looked up.
            timer = loop.schedule(self, at: loop.now)
            return
        }
        guard let name, !name.hasPrefix("/"), !name.hasPrefix("@") else {
            candidates.append(Candidate(host: name, port: port, address: nil))
            return resolve(hosts.dropFirst(), with: resolver)
        }
        resolver.resolve(name, port: port) { [weak self] answer in
            guard let self, self.completion != nil else { return }
            switch answer {
            case .success(let addresses):
                self.candidates += addresses.map { Candidate(host: name, port: port, address: $0) }
            case .failure(let error): self.failure = .cannotConnect(error.description)
            }
            self.resolve(hosts.dropFirst(), with: resolver)
        }
    }

    private func tryNext() {
        guard !candidates.isEmpty else {
            let completion = completion
            self.completion = nil
            completion?(.failure(failure))
            return
        }
        let candidate = candidates.removeFirst()
        current = candidate
        timer = loop.schedule(self, at: loop.now + limit)
        let parameters = parameters(for: candidate)
        link = Self.withStrings(parameters.map(\.key)) { keys in
            Self.withStrings(parameters.map(\.value)) { PQconnectStartParams(keys, $0, 0) }
        }
        guard PQstatus(link) != CONNECTION_BAD else { return refused() }
        // SQL's states stand only in the verbose form of what a failed connection says.
        PQsetErrorVerbosity(link, PQERRORS_VERBOSE)
        PQsetNoticeReceiver(link, { _, _ in }, nil)
        watch(.writable)
    }

    private func poll() {
        switch PQconnectPoll(link) {
        case PGRES_POLLING_READING: watch(.readable)
        case PGRES_POLLING_WRITING: watch(.writable)
        case PGRES_POLLING_OK: succeed()
        default: refused()
        }
    }

    private func succeed() {
        unwatch()
        if let timer { loop.cancel(timer) }
        guard let link, PQsetnonblocking(link, 1) == 0, PQenterPipelineMode(link) == 1 else {
            return refused()
        }
        PQsetErrorVerbosity(link, PQERRORS_DEFAULT)
        self.link = nil
        let completion = completion
        self.completion = nil
        completion?(.success(link))
    }

    private func refused() {
        guard let current else { return }
        let failure = ConnectFailure(
            message: String(cString: PQerrorMessage(link)), place: Self.place(of: current), target: target,
            needsPassword: PQconnectionNeedsPassword(link) == 1, isEncrypted: PQsslInUse(link) == 1)
        fail(failure.sentence)
    }

    private func fail(_ sentence: String) {
        failure = .cannotConnect(sentence)
        drop()
        current = nil
        timer = loop.schedule(self, at: loop.now)
    }

    private func drop() {
        if let timer { loop.cancel(timer) }
        timer = nil
        unwatch()
        PQfinish(link)
        link = nil
    }

    private func unwatch() {
        if let watched { loop.unregister(watched.registration, watched.descriptor) }
        watched = nil
    }

    /// libpq may have opened another socket since the last time.
    private func watch(_ interest: Readiness) {
        unwatch()
        let descriptor = PQsocket(link)
        do {
            watched = (try loop.register(descriptor, for: interest, handler: self), descriptor)
        } catch {
            fail("Cannot watch the connection to Postgres: \(error).")
        }
    }
}

extension PostgresDial {
    /// What the target says, what it leaves open, and this one address.
    private func parameters(for candidate: Candidate) -> [(key: String, value: String)] {
        var all = [
            "fallback_application_name": "parley", "client_encoding": "UTF8", "gssencmode": "disable",
            "keepalives_idle": "5", "keepalives_interval": "2", "keepalives_count": "3",
            "tcp_user_timeout": "10000",
        ]
        all.merge(target.parameters) { $1 }
        all["host"] = candidate.host
        all["port"] = String(candidate.port)
        all["hostaddr"] = candidate.address?.host
        let options = settings.sorted { $0.key < $1.key }.map { "-c \($0.key)=\(Self.escaped($0.value))" }
        all["options"] = ([target.parameters["options"]].compactMap { $0 } + options).joined(separator: " ")
        return all.sorted { $0.key < $1.key }
    }

    /// The server splits `options` at spaces without a backslash before them.
    private static func escaped(_ value: String) -> String {
        value.reduce(into: "") { text, character in
            if character == " " || character == "\\" { text.append("\\") }
            text.append(character)
        }
    }

    private static func place(of candidate: Candidate) -> String {
        guard let host = candidate.host else { return "the local socket" }
        guard let address = candidate.address, address.host != host else {
            return "\(host):\(candidate.port)"
        }
        return "\(host):\(candidate.port) (\(address.host))"
    }

    /// Calls `body` with C strings and a null behind them.
    private static func withStrings<Result>(
        _ texts: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Result
    ) -> Result {
        let bytes = texts.flatMap { Array($0.utf8CString) }
        return bytes.withUnsafeBufferPointer { buffer in
            var pointers: [UnsafePointer<CChar>?] = []
            var start = 0
            for text in texts {
                pointers.append(buffer.baseAddress! + start)
                start += text.utf8CString.count
            }
            pointers.append(nil)
            return body(pointers)
        }
    }
}
