import ArgumentParser
import Glibc
import JSON
import Networking
import Random

/// `parley-load replay`.
struct ReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Plays conversations over several instances and proves that each message arrived once.",
        discussion: """
            The files hold a message a line: {"room", "sender", "text"}, or "body" with any JSON value \
            instead of "text". Every sender of a room is a user with a connection of its own, which sends \
            its messages in the order of the file without waiting for others. Rooms get a prefix of this \
            run, so a server may be used again. Status 0 only if all proofs hold.
            """)

    @Option(help: "An instance, as http(s)://HOST:PORT; several times for several instances.")
    var url: [String] = []
    @Option(help: "So many senders are connected at a time; further rooms wait for one to end.")
    var users = 200
    @Option(help: "Who only listens, in each room.")
    var listeners = 10
    @Option(help: "So many messages a sender has unanswered at a time.")
    var outstanding = 8
    @Option(help: "Which part of the messages goes in through REST.")
    var restShare = 0.1
    @Option(help: "Messages a second over all senders; without it as fast as answers come.")
    var rate: Double?
    @OptionGroup var door: DoorArguments
    @Option(help: "A file with a JSON object that gives every user's token.")
    var tokenFile: String?
    @Option(help: "After so many seconds what is not done counts as a violation.")
    var secondsLimit = 600
    @Option(help: "Where to write the figures as JSON.")
    var json: String?
    @Option(
        name: .customLong("run"),
        help: "The name of this run, which the rooms' names begin with; a random one without it.")
    var runName: String?
    @Flag(help: "Answers `status` on standard input with a line of JSON on standard output.")
    var control = false
    @Flag(help: "Shows no bar, also on a terminal.")
    var noProgress = false
    @Argument(help: "Files of conversations, one JSON object a line.")
    var files: [String]

    /// Files beyond this are to be split.
    private static let fileByteLimit = 1 << 30

    func validate() throws {
        try require(!url.isEmpty, "give at least one --url, for example --url http://127.0.0.1:8080")
        try require((1...100_000).contains(users), "--users must be from 1 to 100000")
        try require((0...1000).contains(listeners), "--listeners must be from 0 to 1000")
        try require((1...256).contains(outstanding), "--outstanding must be from 1 to 256")
        try require((0...1).contains(restShare), "--rest-share must be from 0 to 1")
        try require(rate.map { $0 > 0 } ?? true, "--rate must be above 0")
        try require((1...86_400).contains(secondsLimit), "--seconds-limit must be from 1 to 86400")
        let mayBeRun = runName.map { name in
            (1...20).contains(name.utf8.count)
                && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
        }
        try require(mayBeRun ?? true, "--run must be 1 to 20 letters and digits")
    }

    private func require(_ condition: Bool, _ sentence: String) throws {
        if !condition { throw ValidationError(sentence) }
    }

    mutating func run() throws {
        var corpus = Corpus()
        do throws(CorpusError) {
            for file in files {
                let text = try FileBytes.read(file, limit: Self.fileByteLimit)
                try CorpusReader.read(text.span, file: file, into: &corpus)
            }
        } catch {
            throw Failure(status: 2, sentence: error.description)
        }
        guard !corpus.messages.isEmpty else {
            throw Failure(status: 2, sentence: "the files hold no message")
        }
        let options = try options()
        let result: ReplayResult
        do throws(SystemError) {
            signal(SIGPIPE, SIG_IGN)
            try DescriptorLimit.raise()
            let replay = Replay(corpus, options, on: try EventLoop())
            let control = options.control ? try Control(replay) : nil
            result = try replay.run()
            withExtendedLifetime(control) {}
        } catch {
            throw Failure(status: 1, sentence: "cannot go on: \(error)")
        }
        try report(result)
    }

    private func options() throws -> Options {
        let targets = try DoorArguments.targets(url)
        var options = Options(targets: targets, run: runName ?? Self.randomName())
        options.tls = try door.context(for: targets)
        options.compresses = door.compress
        options.users = users
        options.listeners = listeners
        options.outstanding = outstanding
        options.restShare = restShare
        options.rate = rate
        options.secondsLimit = secondsLimit
        options.control = control
        options.progress = !noProgress && isatty(STDERR_FILENO) == 1
        options.tokens = try tokenFile.map(Self.tokens)
        return options
    }

    private func report(_ result: ReplayResult) throws {
        if let json {
            let bytes = result.json + [UInt8(ascii: "\n")]
            guard let file = fopen(json, "w"), fwrite(bytes, 1, bytes.count, file) == bytes.count,
                fclose(file) == 0
            else { throw Failure(status: 1, sentence: "--json \(json) cannot be written") }
        }
        write(text: result.table, to: control ? STDERR_FILENO : STDOUT_FILENO)
        if !result.isProven { throw Failure(status: 1, sentence: "the proof does not hold") }
    }

    private static func randomName() -> String { String(randomUInt64(), radix: 36) }

    /// `{"ada": "eyJ…", …}`.
    private static func tokens(_ file: String) throws -> [String: String] {
        do {
            let text = try FileBytes.read(file, limit: 1 << 24)
            return try TokenFile.read(text.span)
        } catch {
            throw Failure(status: 2, sentence: "--token-file \(file): \(error)")
        }
    }
}
