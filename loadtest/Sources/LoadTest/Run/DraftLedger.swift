import Time

/// What became of every draft: when it was sent where, and what was answered.
///
/// Events are numbered in the order they happened; a number tells which of two came first, clocks do not.
struct DraftLedger {
    /// One draft.
    struct Draft {
        /// Index into the corpus's rooms.
        let room: Int
        /// Index into that room's talkers.
        let talker: Int
        /// Whether it goes in through REST.
        let isREST: Bool
        /// What is published; empty once it is acknowledged, for then nobody needs it again.
        var body: [UInt8]
        /// Its fingerprint.
        let print: Fingerprint
        /// The event of its first sending; 0 before.
        var firstSent: UInt32 = 0
        /// The event of its last sending.
        var lastSent: UInt32 = 0
        /// The event of its acknowledgement; 0 before.
        var acknowledged: UInt32 = 0
        /// When it should have been sent.
        var intended = Instant(nanoseconds: 0)
        /// The instance it is under way to; -1 if none.
        var underWayTo = -1
        /// What was answered.
        var answer: StoredAnswer?
    }

    /// All drafts, by the number their clientId ends with.
    private(set) var drafts: [Draft]
    /// How many were sent at least once.
    private(set) var sent = 0
    /// How many are acknowledged.
    private(set) var acknowledged = 0
    /// How many are sent to each instance and unanswered.
    private(set) var underWay: [Int]
    /// How many acknowledgements said `repeat`.
    private(set) var repeats = 0
    /// How many acknowledgements came through REST.
    private(set) var restAcknowledged = 0
    /// For each room: how often an acknowledgement came from another instance than the one before.
    private(set) var alternations: [Int]

    private var lastAcknowledger: [Int]
    private var events: UInt32 = 0

    /// The drafts of `corpus`, none of them sent. Of each talker's messages every `1 / restShare`th goes in
    /// through REST.
    init(_ corpus: Corpus, targets: Int, restShare: Double) {
        var said = corpus.rooms.map { [Int](repeating: 0, count: $0.talkers.count) }
        drafts = corpus.messages.map { message in
            let nth = Double(said[message.room][message.talker])
            said[message.room][message.talker] += 1
            // Talkers begin at different places of the round, so that short ones use REST too.
            let phase = Double(message.talker) * 0.37
            return Draft(
                room: message.room, talker: message.talker,
                isREST: ((nth + 1) * restShare + phase).rounded(.down)
                    > (nth * restShare + phase).rounded(.down),
                body: message.body, print: Fingerprint(message.body.span))
        }
        underWay = [Int](repeating: 0, count: targets)
        alternations = [Int](repeating: 0, count: corpus.rooms.count)
        lastAcknowledger = [Int](repeating: -1, count: corpus.rooms.count)
    }

    /// A draft may leave now, or should have at `instant`.
    mutating func intend(_ index: Int, at instant: Instant) { drafts[index].intended = instant }

    /// It leaves for an instance.
    mutating func send(_ index: Int, to target: Int) {
        settle(index)
        events += 1
        if drafts[index].firstSent == 0 {
            drafts[index].firstSent = events
            sent += 1
        }
        drafts[index].lastSent = events
        drafts[index].underWayTo = target
        underWay[target] += 1
    }

    /// No answer is to be expected any more from where it was sent.
    mutating func settle(_ index: Int) {
        let target = drafts[index].underWayTo
        guard target >= 0 else { return }
        underWay[target] -= 1
        drafts[index].underWayTo = -1
    }

    /// An instance says that it is stored. False where it had been acknowledged before.
    mutating func acknowledge(_ index: Int, _ answer: StoredAnswer, by target: Int) -> Bool {
        settle(index)
        guard drafts[index].answer == nil else { return false }
        events += 1
        drafts[index].acknowledged = events
        drafts[index].answer = answer
        drafts[index].body = []
        acknowledged += 1
        if answer.isRepeat { repeats += 1 }
        if drafts[index].isREST { restAcknowledged += 1 }
        let room = drafts[index].room
        if lastAcknowledger[room] >= 0, lastAcknowledger[room] != target { alternations[room] += 1 }
        lastAcknowledger[room] = target
        return true
    }
}
