import Glibc
import JSON
import Networking

/// Answers `status` on standard input with one line of JSON on standard output: for scripts that want to stop
/// an instance at a bad moment.
final class Control: ReadinessHandler {
    private let replay: Replay
    private var registration: Registration?
    private var unread: [UInt8] = []

    /// Listens on standard input, which must be a pipe, a socket or a terminal.
    init(_ replay: Replay) throws(SystemError) {
        self.replay = replay
        registration = try replay.stage.loop.register(STDIN_FILENO, for: .readable, handler: self)
    }

    func ready(_ readiness: Readiness) {
        var chunk = [UInt8](repeating: 0, count: 1024)
        let count = read(STDIN_FILENO, &chunk, chunk.count)
        if count < 0, errno == EINTR || errno == EAGAIN { return }
        guard count > 0 else {
            if let registration { replay.stage.loop.unregister(registration, STDIN_FILENO) }
            return
        }
        unread += chunk[..<count]
        while let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
            let line = String(decoding: unread[..<end], as: UTF8.self)
            unread.removeSubrange(...end)
            answer(line)
        }
        if unread.count > 1024 { unread = [] }
    }

    private func answer(_ line: String) {
        var writer = JSONWriter()
        writer.beginObject()
        if line == "status" {
            status(to: &writer)
        } else {
            writer.key("error")
            writer.string("write `status`; there is no other command")
        }
        writer.endObject()
        write(text: String(decoding: writer.finish(), as: UTF8.self) + "\n", to: STDOUT_FILENO)
    }

    private func status(to writer: inout JSONWriter) {
        let ledger = replay.stage.ledger
        let counts: [(StaticString, Int)] = [
            ("messages", ledger.drafts.count), ("sent", ledger.sent), ("acknowledged", ledger.acknowledged),
            ("deliveries", replay.stage.tally.deliveries), ("repeats", ledger.repeats),
            ("reconnects", replay.stage.tally.reconnects),
            ("unavailable", replay.stage.tally.unavailable),
            ("violations", replay.stage.tally.violations.total),
        ]
        for (name, value) in counts {
            writer.key(name)
            writer.integer(Int64(value))
        }
        writer.key("outstandingByUrl")
        writer.beginArray()
        for count in ledger.underWay { writer.integer(Int64(count)) }
        writer.endArray()
        writer.key("isTalking")
        writer.boolean(replay.talked == nil)
    }
}
