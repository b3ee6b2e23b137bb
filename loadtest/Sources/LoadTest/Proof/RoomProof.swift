/// Holds what was sent to one room, what its archive holds and what every subscriber was shown against each
/// other. A pure function of its evidence.
struct RoomProof {
    /// One row of the archive, as an instance tells it.
    struct Row: Equatable {
        let offset: Int64
        /// The number of the draft; nil where it is none of this room's.
        let draft: Int?
        /// Who published it.
        let user: [UInt8]
        /// The body's.
        let body: Fingerprint
        /// All of it.
        let whole: Fingerprint
        /// When, by the archive's clock.
        let time: Int64
    }

    /// One subscriber's part.
    struct Subscriber {
        /// For sentences.
        let name: String
        /// Everything after this offset is owed; nil where it never got an answer.
        let firstPosition: Int64?
        /// What it was shown.
        let entries: [RoomView.Entry]
    }

    /// The room, for sentences.
    let room: String
    /// The room's drafts: their numbers and what became of them.
    let drafts: [(number: Int, draft: DraftLedger.Draft)]
    /// The talkers' names.
    let users: [String]
    /// The archive, by the first instance that answered.
    let rows: [Row]
    /// The numbering that instance tells.
    let epoch: String

    /// Checks the archive against what was sent and acknowledged.
    func checkArchive(_ violations: inout Violations) {
        checkOffsets(&violations)
        var places: [Int: Row] = [:]
        for row in rows {
            guard let number = row.draft else {
                violations.add(.foreign, "\(room): \(row.offset) holds what nobody here sent")
                continue
            }
            if let first = places[number] {
                violations.add(
                    .doubled, "\(room): draft \(number) stands at \(first.offset) and at \(row.offset)")
            } else {
                places[number] = row
            }
        }
        for (number, draft) in drafts { check(number, draft, places[number], &violations) }
        checkOrder(&violations)
    }

    private func checkOffsets(_ violations: inout Violations) {
        var expected: Int64 = 1
        for row in rows {
            if row.offset != expected {
                violations.add(.hole, "\(room): offset \(row.offset) follows \(expected - 1)")
            }
            expected = row.offset + 1
        }
    }

    private func check(
        _ number: Int, _ draft: DraftLedger.Draft, _ row: Row?, _ violations: inout Violations
    ) {
        guard let row else {
            let state = draft.answer.map { "acknowledged at \($0.offset)" } ?? "not acknowledged"
            let sending = draft.firstSent == 0 ? "never sent" : "sent, \(state),"
            violations.add(.missing, "\(room): draft \(number) was \(sending) and is not in the archive")
            return
        }
        if row.body != draft.print {
            violations.add(.altered, "\(room): \(row.offset) holds draft \(number) with another body")
        }
        if row.user != Array(users[draft.talker].utf8) {
            violations.add(
                .altered, "\(room): \(row.offset) is not \(users[draft.talker])'s, who sent draft \(number)")
        }
        guard let answer = draft.answer else {
            violations.add(.acknowledgement, "\(room): draft \(number) was never acknowledged")
            return
        }
        if answer.offset != row.offset || answer.time != row.time || answer.epoch != epoch {
            violations.add(
                .acknowledgement,
                "\(room): draft \(number) was acknowledged as \(answer.epoch)/\(answer.offset) and stands at"
                    + " \(epoch)/\(row.offset)")
        }
    }

    /// Whoever was acknowledged before another was first sent stands before it. And of one talker's drafts by
    /// WebSocket: whoever was last sent before another was first sent does, so only drafts that the talker
    /// itself overtook by a retry may change places.
    private func checkOrder(_ violations: inout Violations) {
        let byNumber = Dictionary(drafts.map { ($0.number, $0.draft) }) { first, _ in first }
        var latest: (sent: UInt32, number: Int) = (0, -1)
        var latestOf: [Int: (sent: UInt32, number: Int)] = [:]
        for row in rows {
            guard let number = row.draft, let draft = byNumber[number] else { continue }
            if draft.acknowledged > 0, draft.acknowledged < latest.sent {
                violations.add(
                    .order,
                    "\(room): draft \(latest.number) was sent after \(number) was acknowledged, and stands"
                        + " before it")
            }
            if draft.firstSent > latest.sent { latest = (draft.firstSent, number) }
            guard !draft.isREST else { continue }
            let before = latestOf[draft.talker] ?? (0, -1)
            if draft.lastSent < before.sent {
                violations.add(
                    .order,
                    "\(room): \(users[draft.talker]) sent draft \(before.number) after \(number), and it"
                        + " stands before it")
            }
            if draft.firstSent > before.sent { latestOf[draft.talker] = (draft.firstSent, number) }
        }
    }

    /// Checks that another instance tells the same.
    func checkInstance(
        _ other: [Row], epoch otherEpoch: String, url: String, _ violations: inout Violations
    ) {
        if other.count != rows.count {
            violations.add(
                .instances, "\(room): \(url) has \(other.count) publications, the first has \(rows.count)")
        }
        if epoch != otherEpoch {
            violations.add(.instances, "\(room): \(url) tells epoch \(otherEpoch) instead of \(epoch)")
        }
        for (mine, its) in zip(rows, other) where mine != its {
            violations.add(.instances, "\(room): \(url) tells another publication \(mine.offset)")
        }
    }

    /// Checks what one subscriber was shown against the archive: all of it from its first position on, once,
    /// in order, and nothing else.
    func check(_ subscriber: Subscriber, _ violations: inout Violations) {
        guard let first = subscriber.firstPosition else {
            violations.add(.undelivered, "\(room): \(subscriber.name) never got into the room")
            return
        }
        let prints = Dictionary(rows.map { ($0.offset, $0.whole) }) { first, _ in first }
        var seen = Set<Int64>(minimumCapacity: subscriber.entries.count)
        var last = first
        for entry in subscriber.entries {
            let place = "\(room): \(subscriber.name) was shown \(entry.offset)"
            if prints[entry.offset] == nil {
                violations.add(.unexpected, "\(place), which the archive does not have")
            } else if prints[entry.offset] != entry.whole {
                violations.add(.unexpected, "\(place) with another content than the archive has")
            } else if !seen.insert(entry.offset).inserted {
                violations.add(.repeated, "\(place) twice")
            } else if entry.offset < last {
                violations.add(.reordered, "\(place) after \(last)")
            } else if entry.offset <= first {
                violations.add(.unexpected, "\(place), and had begun behind \(first)")
            }
            last = max(last, entry.offset)
        }
        for row in rows where row.offset > first && !seen.contains(row.offset) {
            violations.add(.undelivered, "\(room): \(subscriber.name) was never shown \(row.offset)")
        }
    }
}
