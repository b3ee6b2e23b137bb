/// What one client holds of its room: a position, moved only by the table of chat.md §8, and the fingerprints
/// of what it was shown, in the order in which it would show it.
struct RoomView {
    /// One publication that was shown.
    struct Entry: Equatable {
        /// Its place in the room.
        let offset: Int64
        /// All of it.
        let whole: Fingerprint
    }

    /// What to do next.
    enum Step: Equatable {
        /// Nothing.
        case wait
        /// Join again, with `since`.
        case join
        /// Read the pages after this offset.
        case fetch(after: Int64)
    }

    /// A broken promise of the server.
    struct Fault: Equatable {
        let kind: Violation.Kind
        let sentence: String
    }

    /// What was shown, in order.
    private(set) var entries: [Entry] = []
    /// Everything after this offset is owed; nil before the first answer.
    private(set) var firstPosition: Int64?
    /// Whether pushes come: the last page was read.
    private(set) var isLive = false
    /// What the server did that it promised not to do.
    private(set) var faults: [Fault] = []
    /// Announced leaps, filled by `history`.
    private(set) var skips = 0

    private var position: Position?
    /// A leap made us join again: pushes of before may still come.
    private var isRejoining = false
    /// The rest of a leap that is being filled, and what was pushed behind it meanwhile.
    private var hole: ClosedRange<Int64>?
    private var held: [Entry] = []

    /// Begins at the room's first publication, or, with `fromNow`, behind the last one there is.
    init(fromNow: Bool = false) {
        guard !fromNow else { return }
        position = .start
        firstPosition = 0
    }

    /// What to present as `since`; nil before the first answer to who begins behind the last.
    var since: Position? { position }
    /// What was seen last, leaps filled.
    var offset: Int64 { hole.map { $0.lowerBound - 1 } ?? position?.offset ?? 0 }

    /// The answer to `connect` or `join`.
    mutating func joined(_ answer: RoomAnswer) -> Step {
        let start = position ?? Position(epoch: answer.epoch, offset: answer.head)
        if firstPosition == nil {
            firstPosition = answer.publications.first.map { $0.offset - 1 } ?? start.offset
        }
        if let gap = answer.gap {
            report(.lost, "was told that \(gap.lowerBound)…\(gap.upperBound) is lost")
            forget { gap.contains($0) }
            position = Position(epoch: answer.epoch, offset: gap.lowerBound - 1)
        }
        if !answer.recovered, answer.gap == nil { report(.lost, "was not recovered, and no gap was told") }
        if let first = answer.publications.first, position != nil, answer.gap == nil,
            first.offset != start.offset + 1
        {
            report(.jumped, "presented \(start.offset) and was answered from \(first.offset) on")
        }
        for publication in answer.publications { take(publication) }
        if let last = answer.publications.last {
            position = Position(epoch: answer.epoch, offset: last.offset)
        } else if !answer.more {
            if answer.head != start.offset, answer.gap == nil {
                report(.jumped, "presented \(start.offset), the head is \(answer.head), and nothing came")
            }
            position = Position(epoch: answer.epoch, offset: answer.head)
        }
        isLive = !answer.more
        isRejoining = false
        return answer.more ? .join : .wait
    }

    /// A push `publication`.
    mutating func heard(_ publication: Heard) -> Step {
        guard isLive, let position else {
            if !isRejoining {
                report(.repeated, "got the push \(publication.offset) before the answer to its join")
            }
            return .wait
        }
        guard publication.offset > position.offset else {
            report(.repeated, "got the push \(publication.offset) again, at \(position.offset)")
            return .wait
        }
        guard publication.offset == position.offset + 1 else {
            report(.jumped, "got the push \(publication.offset) after \(position.offset)")
            isLive = false
            isRejoining = true
            return .join
        }
        self.position = Position(epoch: publication.epoch ?? position.epoch, offset: publication.offset)
        let entry = Entry(offset: publication.offset, whole: publication.whole)
        if hole == nil { entries.append(entry) } else { held.append(entry) }
        return .wait
    }

    /// A push `skip`.
    mutating func skipped(from: Int64, to: Int64) -> Step {
        guard isLive, let position, from == position.offset + 1, to >= from else {
            report(.jumped, "was told to skip \(from)…\(to) at \(offset)")
            return .wait
        }
        skips += 1
        self.position?.offset = to
        if let hole {
            // What was held lies between the two leaps; fetching it again is simpler than sewing.
            held = []
            self.hole = hole.lowerBound...to
            return .wait
        }
        hole = from...to
        return .fetch(after: from - 1)
    }

    /// A page of `history`, asked for after a skip.
    mutating func fetched(_ page: RoomAnswer) -> Step {
        guard let hole else { return .wait }
        guard page.epoch == position?.epoch else {
            report(.lost, "fetched a skipped range in another epoch")
            return .wait
        }
        let inside = page.publications.filter { $0.offset <= hole.upperBound }
        for publication in inside { take(publication) }
        let reached = inside.last?.offset ?? hole.lowerBound - 1
        if reached < hole.upperBound {
            guard !inside.isEmpty else {
                report(.lost, "skipped \(hole.lowerBound)…\(hole.upperBound), and history does not have it")
                return fillIn()
            }
            self.hole = (reached + 1)...hole.upperBound
            return .fetch(after: reached)
        }
        return fillIn()
    }

    /// A push `reset`.
    mutating func reset(epoch: String, after: Int64) {
        report(.lost, "was told that everything above \(after) is void")
        forget { $0 > after }
        hole = nil
        held = []
        position = Position(epoch: epoch, offset: min(position?.offset ?? after, after))
    }

    /// The connection ended, or the server forgot the room: an unfilled leap is asked for anew.
    mutating func disconnected() {
        if let hole { position?.offset = hole.lowerBound - 1 }
        hole = nil
        held = []
        isLive = false
        isRejoining = false
    }

    /// Gives the memory back.
    mutating func release() { entries = [] }

    private mutating func fillIn() -> Step {
        entries += held
        held = []
        hole = nil
        return .wait
    }

    private mutating func take(_ publication: Heard) {
        entries.append(Entry(offset: publication.offset, whole: publication.whole))
    }

    private mutating func forget(_ isVoid: (Int64) -> Bool) { entries.removeAll { isVoid($0.offset) } }

    private mutating func report(_ kind: Violation.Kind, _ sentence: String) {
        // A server that breaks a promise once may break it a million times.
        if faults.count < 100 { faults.append(Fault(kind: kind, sentence: sentence)) }
    }
}
