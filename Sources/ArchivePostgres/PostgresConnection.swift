internal import CLibpq
import Networking
import Time

/// One connection to Postgres on a loop, confined to it. Nothing blocks; it is made once and never again:
/// after `ended` a new one is made.
///
/// What is asked travels in pipelines: several may be under way, and they are answered in the order they were
/// asked. Completions run on the loop, never inside the call that asked, and never after `close`.
final class PostgresConnection: ReadinessHandler, TimerHandler {
    private enum State {
        case fresh
        case dialling(PostgresDial)
        case open(OpaquePointer)
        case closed
    }

    private struct Script {
        var error: PostgresError?
        let completion: (Result<Void, PostgresError>) -> Void
    }

    /// Is told what the server says unasked, for the log. It asks nothing of the connection.
    var notice: (String) -> Void = { _ in }

    private let target: PostgresTarget
    private let loop: EventLoop
    private let resolver: NameResolver
    private let settings: [String: String]
    private let connectLimit: Duration
    private let ended: (PostgresError) -> Void

    private var state = State.fresh
    private var opening: ((Result<Void, PostgresError>) -> Void)?
    private var registration: Registration?
    private var awaitsWritable = false
    /// What is under way, oldest first.
    private var pipelines: [PostgresPipeline] = []
    private var script: Script?
    private var prepared = PreparedStatements()
    /// What a call could not send; told in a later turn.
    private var breakage: String?
    /// The server's last words, which explain a lost connection better than libpq does.
    private var lastWords: String?

    /// A connection that is not made yet. `settings` are the server's (`lock_timeout`), for this session;
    /// each address of the target gets `connectLimit`. `ended` is told once that an open connection is lost,
    /// after everything under way was answered.
    init(
        _ target: PostgresTarget, on loop: EventLoop, resolver: NameResolver, settings: [String: String],
        connectLimit: Duration = .seconds(5), ended: @escaping (PostgresError) -> Void
    ) {
        self.target = target
        self.loop = loop
        self.resolver = resolver
        self.settings = settings
        self.connectLimit = connectLimit
        self.ended = ended
    }

    deinit {
        switch state {
        case .dialling(let dial): dial.cancel()
        case .open(let link): PQfinish(link)
        case .fresh, .closed: break
        }
    }

    /// Whether it can be asked.
    var isOpen: Bool { if case .open = state { breakage == nil } else { false } }

    /// Connects. Called once. Until it ends, the loop keeps an open connection alive.
    func open(_ completion: @escaping (Result<Void, PostgresError>) -> Void) {
        guard case .fresh = state else { preconditionFailure("a connection is opened once") }
        opening = completion
        state = .dialling(
            PostgresDial(
                target, on: loop, resolver: resolver, settings: settings, limit: connectLimit
            ) { [weak self] outcome in
                self?.dialled(outcome)
            })
    }

    /// Ends it. Nothing is told any more, also not of what is under way: that may have happened or not.
    func close() {
        if case .dialling(let dial) = state { dial.cancel() }
        drop()
        opening = nil
        pipelines = []
        script = nil
    }

    /// Runs statements as one pipeline with one Sync, which is one transaction and, below 8 KB, one send. The
    /// rows of each statement, or the first error (everything of this call was rolled back), or
    /// `connectionLost`: the outcome is unknown.
    func run(
        _ statements: [(PostgresStatement, [PostgresValue])],
        completion: @escaping (Result<[PostgresRows], PostgresError>) -> Void
    ) {
        precondition(script == nil && opening == nil, "a script runs alone, and nothing before it is open")
        var pipeline = PostgresPipeline(completion)
        if case .open(let link) = state, breakage == nil {
            let isSent = pipeline.send(statements, on: link, &prepared)
            if isSent { flush(link) } else { fail(link) }
        } else {
            breakLater("The connection to Postgres is closed.")
        }
        pipelines.append(pipeline)
    }

    /// Runs several statements without parameters, separated by semicolons, while nothing else is under way;
    /// as one transaction unless they say otherwise. Their rows are dropped.
    func runScript(_ sql: String, completion: @escaping (Result<Void, PostgresError>) -> Void) {
        precondition(script == nil && pipelines.isEmpty && opening == nil, "a script runs alone")
        script = Script(completion: completion)
        guard case .open(let link) = state, breakage == nil else {
            return breakLater("The connection to Postgres is closed.")
        }
        // The simple protocol, which takes several statements, does not go with pipelines.
        guard PQexitPipelineMode(link) == 1, PQsendQuery(link, sql) == 1 else { return fail(link) }
        flush(link)
    }

    /// The socket can go on.
    func ready(_ readiness: Readiness) {
        guard case .open(let link) = state else { return }
        let isAlive = PQconsumeInput(link) == 1
        // What came before the end still counts.
        receive(on: link)
        guard case .open = state else { return }
        if !isAlive || PQstatus(link) == CONNECTION_BAD { return lose(Self.message(of: link)) }
        flush(link)
    }

    /// A call could not send.
    func timerFired(token: Int) {
        if let breakage { lose(breakage) }
    }
}

// Opening and ending.
extension PostgresConnection {
    private func dialled(_ outcome: PostgresDial.Outcome) {
        let completion = opening
        opening = nil
        switch outcome {
        case .success(let link):
            do {
                registration = try loop.register(PQsocket(link), for: .readable, handler: self)
            } catch {
                PQfinish(link)
                state = .closed
                completion?(.failure(.cannotConnect("Cannot watch the connection to Postgres: \(error).")))
                return
            }
            state = .open(link)
            PQsetNoticeReceiver(
                link, { Unmanaged<PostgresConnection>.fromOpaque($0!).takeUnretainedValue().noticed($1) },
                Unmanaged.passUnretained(self).toOpaque())
            completion?(.success(()))
        case .failure(let error):
            state = .closed
            completion?(.failure(error))
        }
    }

    private func noticed(_ result: OpaquePointer?) {
        // PG_DIAG_SEVERITY_NONLOCALIZED and PG_DIAG_MESSAGE_PRIMARY.
        func field(_ letter: Unicode.Scalar) -> String {
            PQresultErrorField(result, Int32(letter.value)).map { String(cString: $0) } ?? ""
        }
        let (severity, message) = (field("V"), field("M"))
        if severity == "FATAL" || severity == "PANIC" { lastWords = message }
        notice("\(severity): \(message)")
    }

    /// Tells everybody that it is over, in the order they asked.
    private func lose(_ reason: String) {
        let wasOpen = if case .open = state { true } else { false }
        var words = lastWords
        if words == nil, case .failure(.server(_, let message, _))? = pipelines.first?.result {
            words = message
        }
        let error = PostgresError.connectionLost(words ?? reason)
        breakage = nil
        drop()
        let (lost, lostScript) = (pipelines, script)
        pipelines = []
        script = nil
        for pipeline in lost { pipeline.completion(.failure(error)) }
        lostScript?.completion(.failure(error))
        if wasOpen { ended(error) }
    }

    private func drop() {
        if case .open(let link) = state {
            if let registration { loop.unregister(registration, PQsocket(link)) }
            PQfinish(link)
        }
        state = .closed
    }

    private func breakLater(_ reason: String) {
        if breakage != nil { return }
        breakage = reason
        _ = loop.schedule(self, at: loop.now)
    }

    private func fail(_ link: OpaquePointer) { breakLater(Self.message(of: link)) }

    private static func message(of link: OpaquePointer) -> String {
        let line = String(cString: PQerrorMessage(link)).firstLine
        return line.isEmpty ? "The connection to Postgres ended." : String(line)
    }
}

// Sending and receiving.
extension PostgresConnection {
    private func flush(_ link: OpaquePointer) {
        if breakage != nil { return }
        let result = PQflush(link)
        if result < 0 { return fail(link) }
        guard (result == 1) != awaitsWritable, let registration else { return }
        awaitsWritable = result == 1
        do {
            let interest: Readiness = awaitsWritable ? [.readable, .writable] : .readable
            try loop.change(registration, PQsocket(link), to: interest)
        } catch {
            breakLater("Cannot watch the connection to Postgres: \(error).")
        }
    }

    private func receive(on link: OpaquePointer) {
        if script != nil { receiveScript(on: link) } else { receivePipelines(on: link) }
    }

    private func receivePipelines(on link: OpaquePointer) {
        var finished: [PostgresPipeline] = []
        // One nil ends each step; more of them mean that there is nothing.
        var nils = 0
        while nils < 3, PQisBusy(link) == 0 {
            guard let result = PQgetResult(link) else {
                nils += 1
                continue
            }
            nils = 0
            guard !pipelines.isEmpty else {
                PQclear(result)
                continue
            }
            if PQresultStatus(result) == PGRES_PIPELINE_SYNC {
                PQclear(result)
                finished.append(pipelines.removeFirst())
            } else if !pipelines[0].answer(result, &prepared) {
                fail(link)
                break
            }
        }
        // Only now, for a completion may close the connection, or ask more of it.
        for pipeline in finished {
            if case .closed = state { return }
            pipeline.completion(pipeline.result)
        }
    }

    private func receiveScript(on link: OpaquePointer) {
        while PQisBusy(link) == 0 {
            guard let result = PQgetResult(link) else {
                guard PQstatus(link) != CONNECTION_BAD, PQenterPipelineMode(link) == 1 else { return }
                let ended = script
                script = nil
                ended?.completion(ended?.error.map { .failure($0) } ?? .success(()))
                return
            }
            if PQresultStatus(result) == PGRES_FATAL_ERROR, script?.error == nil {
                script?.error = PostgresError(result)
            }
            PQclear(result)
        }
    }
}
