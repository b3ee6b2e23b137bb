import Glibc
import Networking
import Time

/// The bar on standard error, drawn over itself.
final class Progress {
    private static let width = 30

    /// Draws how far the replay is.
    func show(_ replay: Replay) {
        let ledger = replay.stage.ledger
        let total = max(1, ledger.drafts.count)
        if let rooms = replay.provenRooms {
            return draw("proving: \(rooms) of \(replay.stage.corpus.rooms.count) rooms")
        }
        let filled = Self.width * ledger.acknowledged / total
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: Self.width - filled)
        let seconds = Double((replay.stage.loop.now - replay.begun).inNanoseconds) / 1e9
        let rate = seconds > 0 ? Double(ledger.acknowledged) / seconds : 0
        draw(
            "[\(bar)] \(ledger.acknowledged) of \(total), \(fixed(rate, 0))/s,"
                + " \(replay.stage.tally.deliveries) deliveries, \(ledger.underWay.reduce(0, +)) under way")
    }

    /// Wipes the line.
    func clear() { draw("") }

    private func draw(_ text: String) { write(text: "\r\u{1B}[K\(text)", to: STDERR_FILENO) }
}

/// Writes a text to a descriptor as a whole; what nobody reads any more is dropped.
func write(text: String, to descriptor: Int32) {
    let bytes = Array(text.utf8)
    var written = 0
    while written < bytes.count {
        let count = bytes.withUnsafeBytes {
            Glibc.write(descriptor, $0.baseAddress! + written, $0.count - written)
        }
        if count < 0, errno == EINTR { continue }
        if count <= 0 { return }
        written += count
    }
}
