import Networking
import Testing
import Time

@testable import LoadTest

@Suite("What became of the drafts")
struct DraftTests {
    private func corpus(_ count: Int) -> Corpus {
        var corpus = Corpus()
        for number in 0..<count {
            corpus.append(room: "r\(number % 2)", sender: "s\(number % 4)", body: Array("\(number)".utf8))
        }
        return corpus
    }

    private func answer(_ offset: Int64, isRepeat: Bool = false) -> StoredAnswer {
        var answer = StoredAnswer(epoch: "e", offset: offset, time: 0)
        answer.isRepeat = isRepeat
        return answer
    }

    @Test("a tenth of every talker's drafts goes in through REST", arguments: [0, 0.1, 0.5, 1])
    func restShare(_ share: Double) {
        let ledger = DraftLedger(corpus(4000), targets: 1, restShare: share)
        for talker in 0..<2 {
            for room in 0..<2 {
                let mine = ledger.drafts.filter { $0.talker == talker && $0.room == room }
                let rest = mine.filter(\.isREST).count
                #expect(abs(rest - Int(Double(mine.count) * share)) <= 1)
            }
        }
    }

    @Test("what is sent and unanswered is counted by instance, through retries and losses")
    func underWay() {
        var ledger = DraftLedger(corpus(4), targets: 2, restShare: 0)
        ledger.send(0, to: 0)
        ledger.send(1, to: 0)
        ledger.send(2, to: 1)
        #expect(ledger.underWay == [2, 1])
        ledger.send(0, to: 1)
        #expect(ledger.underWay == [1, 2])
        ledger.settle(1)
        ledger.settle(1)
        #expect(ledger.underWay == [0, 2])
        #expect(ledger.acknowledge(0, answer(1), by: 1) == true)
        #expect(ledger.acknowledge(2, answer(2), by: 1) == true)
        #expect(ledger.underWay == [0, 0])
        #expect(ledger.sent == 3)
        #expect(ledger.acknowledged == 2)
    }

    @Test("the first acknowledgement counts, its body is given back, a repeat is counted")
    func acknowledgements() {
        var ledger = DraftLedger(corpus(4), targets: 2, restShare: 0)
        ledger.send(0, to: 0)
        #expect(ledger.acknowledge(0, answer(1, isRepeat: true), by: 0) == true)
        #expect(ledger.acknowledge(0, answer(9), by: 1) == false)
        #expect(ledger.drafts[0].answer?.offset == 1)
        #expect(ledger.drafts[0].body == [])
        #expect(ledger.repeats == 1)
    }

    @Test("changes of the acknowledging instance are counted room by room")
    func alternations() {
        var ledger = DraftLedger(corpus(8), targets: 2, restShare: 0)
        for (draft, target) in [(0, 0), (1, 1), (2, 0), (3, 1), (4, 1), (5, 1), (6, 0)] {
            ledger.send(draft, to: target)
            _ = ledger.acknowledge(draft, answer(1), by: target)
        }
        #expect(ledger.alternations == [2, 0])
    }

    @Test("an outbox begins in order, keeps what is open, and waits with what is to be sent again")
    func outbox() {
        var outbox = Outbox([5, 6, 7])
        #expect(outbox.begin() == 5)
        #expect(outbox.begin() == 6)
        outbox.retry(6, at: Instant(nanoseconds: 20))
        outbox.retry(5, at: Instant(nanoseconds: 10))
        #expect(outbox.nextRetry == Instant(nanoseconds: 10))
        #expect(outbox.takeRetries(at: Instant(nanoseconds: 9)) { _ in true } == [])
        #expect(outbox.waits(5) && outbox.waits(6))
        #expect(outbox.takeRetries(at: Instant(nanoseconds: 30)) { $0 == 6 } == [6])
        #expect(outbox.takeRetries(at: Instant(nanoseconds: 30)) { _ in true } == [5])
        outbox.settle(5)
        outbox.settle(6)
        #expect(!outbox.isDone)
        #expect(outbox.begin() == 7)
        #expect(outbox.nextNumber == nil && !outbox.isDone)
        outbox.settle(7)
        #expect(outbox.isDone)
    }

    @Test("due retries leave oldest first, whatever order they failed in")
    func retryOrder() {
        var outbox = Outbox([1, 2, 3])
        for _ in 0..<3 { _ = outbox.begin() }
        for draft in [3, 1, 2] { outbox.retry(draft, at: Instant(nanoseconds: 0)) }
        #expect(outbox.takeRetries(at: Instant(nanoseconds: 0)) { _ in true } == [1, 2, 3])
    }

    @Test("the bound of a wait doubles up to the most, and falls back after a long session")
    func backoff() {
        var backoff = Backoff()
        backoff.configure(first: .milliseconds(100), most: .milliseconds(450))
        var waits: [Duration] = []
        for _ in 0..<4 { waits.append(backoff.wait(1)) }
        // 500 ms is the bound before the server said anything; 450 is the most from then on.
        #expect(waits == [450, 450, 450, 450].map { .milliseconds($0) })
        backoff.ended(after: .milliseconds(400))
        let unchanged = backoff.wait(1)
        #expect(unchanged == .milliseconds(450))
        backoff.ended(after: .milliseconds(451))
        waits = []
        for _ in 0..<4 { waits.append(backoff.wait(1)) }
        #expect(waits == [100, 200, 400, 450].map { .milliseconds($0) })
        let none = backoff.wait(0)
        #expect(none == .zero)
    }

    @Test("addresses are read, and a wrong one says how to write it")
    func targets() throws {
        #expect(try Target("http://127.0.0.1:8080").host == "127.0.0.1:8080")
        #expect(try Target("http://[::1]:8080/").address.description == "[::1]:8080")
        #expect(try Target("http://127.0.0.1").address.port == 80)
        #expect(try Target("http://localhost:81").address.port == 81)
        let secure = try Target("https://[::1]/")
        #expect(secure.isSecure && secure.address.port == 443 && secure.name == "::1")
        #expect(try Target("https://localhost:8443").name == "localhost")
        for url in [
            "127.0.0.1:8080", "ftp://a:1", "http://", "https://", "http://a@b:1", "http://127.0.0.1:x",
            "http://a/b",
        ] {
            let error = #expect(throws: TargetError.self) { try Target(url) }
            #expect(error?.description.contains("write for example http://127.0.0.1:8080") == true)
        }
    }

    @Test("numbers are written with so many digits")
    func digits() {
        #expect(
            [fixed(0, 0), fixed(1.005, 1), fixed(-0.25, 2), fixed(12.999, 2)] == [
                "0", "1.0", "-0.25", "13.00",
            ])
    }
}
