import Testing

@testable import LoadTest

/// Each test plants one fault in evidence that is whole otherwise, and expects it to be found, alone.
@Suite("The proof of a room")
struct RoomProofTests {
    /// Two talkers, six drafts: ada 0, 2, 4, bob 1, 3, 5, stored in that order, each acknowledged at once.
    private struct Evidence {
        var ledger: DraftLedger
        var rows: [RoomProof.Row] = []
        var epoch = "e"
        let corpus: Corpus

        init() {
            var corpus = Corpus()
            for number in 0..<6 {
                corpus.append(
                    room: "r", sender: number % 2 == 0 ? "ada" : "bob", body: Array("\(number)".utf8))
            }
            self.corpus = corpus
            ledger = DraftLedger(corpus, targets: 2, restShare: 0)
            for number in 0..<6 {
                ledger.send(number, to: number % 2)
                let answer = StoredAnswer(epoch: "e", offset: Int64(number + 1), time: 1000 + Int64(number))
                _ = ledger.acknowledge(number, answer, by: number % 2)
                rows.append(row(number, at: Int64(number + 1)))
            }
        }

        func row(_ number: Int?, at offset: Int64, body: String? = nil, user: String? = nil) -> RoomProof.Row
        {
            let text = Array((body ?? "\(number ?? -1)").utf8)
            let print = Fingerprint(text.span)
            let name = user ?? (number.map { $0 % 2 == 0 } ?? true ? "ada" : "bob")
            return RoomProof.Row(
                offset: offset, draft: number, user: Array(name.utf8), body: print, whole: print,
                time: 1000 + Int64(number ?? 0))
        }

        var proof: RoomProof {
            RoomProof(
                room: "r", drafts: ledger.drafts.indices.map { ($0, ledger.drafts[$0]) },
                users: ["ada", "bob"], rows: rows, epoch: epoch)
        }

        var violations: Violations {
            var violations = Violations()
            proof.checkArchive(&violations)
            return violations
        }

        func entries(_ offsets: [Int64]) -> [RoomView.Entry] {
            offsets.map { offset in
                RoomView.Entry(offset: offset, whole: rows.first { $0.offset == offset }!.whole)
            }
        }

        func violations(of entries: [RoomView.Entry], from first: Int64? = 0) -> Violations {
            var violations = Violations()
            proof.check(
                RoomProof.Subscriber(name: "cem", firstPosition: first, entries: entries), &violations)
            return violations
        }
    }

    @Test("what is whole has no violation")
    func whole() {
        let evidence = Evidence()
        #expect(evidence.violations.total == 0)
        #expect(evidence.violations(of: evidence.entries([1, 2, 3, 4, 5, 6])).total == 0)
        #expect(evidence.violations(of: evidence.entries([4, 5, 6]), from: 3).total == 0)
    }

    @Test("a draft that the archive does not have is missing")
    func missing() {
        var evidence = Evidence()
        evidence.rows.removeLast()
        #expect(evidence.violations.counts == [.missing: 1])
        #expect(
            evidence.violations.first[0].sentence
                == "r: draft 5 was sent, acknowledged at 6, and is not in the archive")
    }

    @Test("a draft that is there twice is doubled")
    func doubled() {
        var evidence = Evidence()
        evidence.rows.append(evidence.row(2, at: 7))
        #expect(evidence.violations.counts[.doubled] == 1)
    }

    @Test("a row nobody sent is foreign")
    func foreign() {
        var evidence = Evidence()
        evidence.rows.append(evidence.row(nil, at: 7))
        #expect(evidence.violations.counts == [.foreign: 1])
    }

    @Test("a hole in the offsets is found, and so is an archive that does not begin at 1")
    func holes() {
        var evidence = Evidence()
        evidence.rows[5] = evidence.row(5, at: 7)
        #expect(evidence.violations.counts == [.hole: 1, .acknowledgement: 1])
        evidence.rows.removeFirst()
        #expect(evidence.violations.counts[.hole] == 2)
    }

    @Test("another body and another sender are found")
    func altered() {
        var evidence = Evidence()
        evidence.rows[1] = evidence.row(1, at: 2, body: "9")
        evidence.rows[2] = evidence.row(2, at: 3, user: "bob")
        #expect(evidence.violations.counts == [.altered: 2])
    }

    @Test("an acknowledgement of another place, of another epoch, or none at all is found")
    func acknowledgements() {
        var evidence = Evidence()
        evidence.epoch = "f"
        #expect(evidence.violations.counts == [.acknowledgement: 6])
        evidence = Evidence()
        evidence.ledger = DraftLedger(evidence.corpus, targets: 2, restShare: 0)
        for number in 0..<6 { evidence.ledger.send(number, to: 0) }
        #expect(evidence.violations.counts == [.acknowledgement: 6])
    }

    @Test("who was sent after another was acknowledged may not stand before it")
    func realTime() {
        var evidence = Evidence()
        evidence.rows[4] = evidence.row(5, at: 5)
        evidence.rows[5] = evidence.row(4, at: 6)
        #expect(evidence.violations.counts == [.acknowledgement: 2, .order: 1])
    }

    /// Drafts of one talker that were under way together, stored in `order`; `again` was sent once more after
    /// all of them.
    private func order(_ order: [Int], again: Int? = nil) -> Violations {
        var corpus = Corpus()
        for number in 0..<3 { corpus.append(room: "r", sender: "ada", body: Array("\(number)".utf8)) }
        var ledger = DraftLedger(corpus, targets: 1, restShare: 0)
        for number in 0..<3 { ledger.send(number, to: 0) }
        if let again { ledger.send(again, to: 0) }
        let evidence = Evidence()
        let rows = order.enumerated().map { index, number in
            evidence.row(number, at: Int64(index + 1), user: "ada")
        }
        for row in rows {
            let answer = StoredAnswer(epoch: "e", offset: row.offset, time: row.time)
            _ = ledger.acknowledge(row.draft!, answer, by: 0)
        }
        let proof = RoomProof(
            room: "r", drafts: ledger.drafts.indices.map { ($0, ledger.drafts[$0]) }, users: ["ada"],
            rows: rows, epoch: "e")
        var violations = Violations()
        proof.checkArchive(&violations)
        return violations
    }

    @Test("a talker's drafts stand in the order they were sent, but for those it overtook by a retry itself")
    func talkersOrder() {
        #expect(order([0, 1, 2]).total == 0)
        #expect(order([1, 0, 2]).counts == [.order: 1])
        #expect(order([1, 2, 0], again: 0).total == 0)
        #expect(order([2, 1, 0], again: 0).counts == [.order: 1])
    }

    @Test("instances that tell different archives are found")
    func instances() {
        let evidence = Evidence()
        func check(_ rows: [RoomProof.Row], epoch: String = "e") -> Int {
            var violations = Violations()
            evidence.proof.checkInstance(rows, epoch: epoch, url: "http://b", &violations)
            return violations.total
        }
        #expect(check(evidence.rows) == 0)
        #expect(check(Array(evidence.rows.dropLast())) == 1)
        #expect(check(evidence.rows, epoch: "f") == 1)
        #expect(check([evidence.row(0, at: 1, body: "x")] + evidence.rows.dropFirst()) == 1)
    }

    @Test(
        "what a subscriber misses, gets twice, or gets too late is found",
        arguments: [
            ([1, 2, 3, 4, 5], Violation.Kind.undelivered), ([1, 2, 4, 5, 6], .undelivered),
            ([1, 2, 3, 3, 4, 5, 6], .repeated), ([1, 2, 4, 3, 5, 6], .reordered),
            ([2, 3, 4, 5, 6], .undelivered),
        ])
    func deliveries(_ offsets: [Int64], _ kind: Violation.Kind) {
        let evidence = Evidence()
        #expect(evidence.violations(of: evidence.entries(offsets)).counts == [kind: 1])
    }

    @Test("what a subscriber was shown and the archive has otherwise, or not, is unexpected")
    func unexpected() {
        let evidence = Evidence()
        var entries = evidence.entries([1, 2, 3, 4, 5, 6])
        entries[2] = RoomView.Entry(offset: 3, whole: entries[1].whole)
        #expect(evidence.violations(of: entries).counts == [.unexpected: 1, .undelivered: 1])
        entries = evidence.entries([1, 2, 3, 4, 5, 6]) + [RoomView.Entry(offset: 7, whole: entries[0].whole)]
        #expect(evidence.violations(of: entries).counts == [.unexpected: 1])
        #expect(evidence.violations(of: evidence.entries([3, 4, 5, 6]), from: 3).counts == [.unexpected: 1])
    }

    @Test("who never got into the room saw nothing of it")
    func never() {
        #expect(Evidence().violations(of: [], from: nil).counts == [.undelivered: 1])
    }

    @Test("a thousand violations are counted, the first ten are told")
    func many() {
        var violations = Violations()
        for number in 0..<1000 { violations.add(.hole, "\(number)") }
        #expect(violations.total == 1000)
        #expect(violations.first.map(\.sentence) == (0..<10).map(String.init))
    }
}
