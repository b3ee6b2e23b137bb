import ArgumentParser
import Glibc
import JSON
import Networking
import Random
import Time

/// What the commands take that are a crowd.
struct CrowdArguments: ParsableArguments {
    @Option(help: "The server, as http(s)://HOST:PORT; several times to spread over several addresses.")
    var url: [String]
    @OptionGroup var door: DoorArguments
    @Flag(help: "Writes `open N` once all are connected, and goes on at a line on standard input.")
    var hold = false
    @Option(help: "After so many seconds it has failed.")
    var secondsLimit = 120

    func validate() throws {
        guard !url.isEmpty else { throw ValidationError("give at least one --url") }
        guard (1...86_400).contains(secondsLimit) else {
            throw ValidationError("--seconds-limit must be from 1 to 86400")
        }
    }

    /// How to get there, on a loop of its own.
    func dialer() throws -> Dialer {
        let targets = try DoorArguments.targets(url)
        let context = try door.context(for: targets)
        do throws(SystemError) {
            signal(SIGPIPE, SIG_IGN)
            try DescriptorLimit.raise()
            return Dialer(targets, on: try EventLoop(), tls: context)
        } catch {
            throw Failure(status: 1, sentence: "cannot go on: \(error)")
        }
    }

    /// Plays a script with so many members; their crowd.
    func play(_ script: some CrowdScript, _ count: Int, at path: String, waits: Bool) throws -> Crowd {
        let plan = Crowd.Plan(
            count: count, request: door.request(path), timeLimit: .seconds(secondsLimit), waits: waits)
        let crowd = Crowd(plan, script, by: try dialer())
        try crowd.run()
        return crowd
    }

    /// Writes figures as a line of JSON.
    static func report(_ figures: [(StaticString, Int)], lasted: Duration) {
        var writer = JSONWriter()
        writer.beginObject()
        for (name, value) in figures {
            writer.key(name)
            writer.integer(Int64(value))
        }
        writer.key("milliseconds")
        writer.integer(lasted.inMilliseconds)
        writer.endObject()
        write(text: String(decoding: writer.finish(), as: UTF8.self) + "\n", to: STDOUT_FILENO)
    }
}

/// How many messages of which size.
struct MessageArguments: ParsableArguments {
    @Option(help: "How many messages, over all connections.")
    var messages = 100_000
    @Option(help: "Bytes of a message, or of a publication's body.")
    var size = 128
    @Option(help: "So many messages a sender has unanswered at a time.")
    var pipeline = 16

    func validate() throws {
        guard (1...1_000_000_000).contains(messages) else {
            throw ValidationError("--messages must be from 1 to 1000000000")
        }
        guard (1...1_048_576).contains(size) else {
            throw ValidationError("--size must be from 1 to 1048576")
        }
        guard (1...10_000).contains(pipeline) else {
            throw ValidationError("--pipeline must be from 1 to 10000")
        }
    }
}

/// `parley-load echo`.
struct EchoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "echo", abstract: "Has messages echoed over many connections, and compares them.")

    @OptionGroup var crowd: CrowdArguments
    @OptionGroup var message: MessageArguments
    @Option(help: "How many connections.")
    var connections = 50
    @Option(help: "Where the echo is.")
    var path = "/echo"

    func validate() throws { try checkConnections(connections) }

    mutating func run() throws {
        let share = max(1, message.messages / connections)
        let script = EchoScript(
            connections: connections, messages: share, size: message.size, pipeline: message.pipeline)
        let played = try crowd.play(script, connections, at: path, waits: crowd.hold)
        CrowdArguments.report(
            [
                ("connections", connections), ("compressed", played.compressed),
                ("messages", share * connections), ("size", message.size),
            ], lasted: played.lasted)
    }
}

/// `parley-load fanout`.
struct FanoutCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fanout", abstract: "One publishes in a room, many hear it.")

    @OptionGroup var crowd: CrowdArguments
    @OptionGroup var message: MessageArguments
    @Option(help: "How many hear it.")
    var subscribers = 500

    func validate() throws { try checkConnections(subscribers) }

    mutating func run() throws {
        let script = FanoutScript(
            room: "fanout-" + String(randomUInt64(), radix: 36), subscribers: subscribers,
            messages: message.messages, size: message.size, pipeline: message.pipeline)
        let played = try crowd.play(script, subscribers + 1, at: "/ws", waits: crowd.hold)
        CrowdArguments.report(
            [
                ("subscribers", subscribers), ("compressed", played.compressed),
                ("messages", message.messages), ("deliveries", message.messages * subscribers),
                ("size", message.size),
            ], lasted: played.lasted)
    }
}

/// `parley-load idle`.
struct IdleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "idle",
        abstract: "Opens many WebSockets, writes `open N`, and leaves at a line on standard input.")

    @OptionGroup var crowd: CrowdArguments
    @Option(help: "How many connections.")
    var connections = 1_000
    @Option(help: "Where they open; at /ws they are chat sessions in one room.")
    var path = "/ws"

    func validate() throws { try checkConnections(connections) }

    mutating func run() throws {
        let room = path == "/ws" ? "idle-" + String(randomUInt64(), radix: 36) : nil
        let played = try crowd.play(IdleScript(room: room), connections, at: path, waits: true)
        CrowdArguments.report(
            [("connections", connections), ("compressed", played.compressed)], lasted: .zero)
    }
}

/// `parley-load handshakes`.
struct HandshakesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "handshakes",
        abstract: "Opens WebSockets one after the other and gives each up as soon as it is open.")

    @OptionGroup var crowd: CrowdArguments
    @Option(help: "How many.")
    var count = 1_000
    @Option(help: "So many at a time.")
    var atOnce = 16
    @Option(help: "Where they open.")
    var path = "/echo"
    @Flag(help: "Begins TLS with the session of an earlier connection, once there was one.")
    var resume = false

    func validate() throws {
        try checkConnections(count)
        guard (1...10_000).contains(atOnce) else {
            throw ValidationError("--at-once must be from 1 to 10000")
        }
    }

    mutating func run() throws {
        let dialer = try crowd.dialer()
        dialer.resumes = resume
        let run = HandshakeRun(
            count, by: dialer, asking: crowd.door.request(path), within: .seconds(crowd.secondsLimit))
        let lasted = try run.run(atOnce: atOnce)
        CrowdArguments.report([("handshakes", count), ("resumed", dialer.resumed)], lasted: lasted)
    }
}

private func checkConnections(_ count: Int) throws {
    guard (1...1_000_000).contains(count) else {
        throw ValidationError("give a number of connections from 1 to 1000000")
    }
}
