import Time

/// What one talker has to say: what it has not begun, what is unanswered, and what waits to be sent again.
struct Outbox {
    /// A draft that was answered `unavailable` or not at all, and when it may leave again.
    struct Retry: Equatable {
        let draft: Int
        let at: Instant
    }

    private let drafts: [Int]
    private var next = 0
    /// Begun and without a final answer, oldest first.
    private(set) var open: [Int] = []
    /// Those of them that wait.
    private(set) var retries: [Retry] = []

    /// These drafts, in the order to send them.
    init(_ drafts: [Int]) { self.drafts = drafts }

    /// Nothing is left to send or to wait for.
    var isDone: Bool { next == drafts.count && open.isEmpty }

    /// The next draft's place among all; nil when all are begun.
    var nextNumber: Int? { next < drafts.count ? next : nil }

    /// Begins the next draft; there must be one.
    mutating func begin() -> Int {
        let draft = drafts[next]
        next += 1
        open.append(draft)
        return draft
    }

    /// It has its final answer.
    mutating func settle(_ draft: Int) {
        open.removeAll { $0 == draft }
        retries.removeAll { $0.draft == draft }
    }

    /// It is to be sent again, not before `instant`.
    mutating func retry(_ draft: Int, at instant: Instant) {
        retries.append(Retry(draft: draft, at: instant))
    }

    /// When the first of the waiting ones may leave.
    var nextRetry: Instant? { retries.map(\.at).min() }

    /// Takes those that may leave now and pass `filter`, oldest first.
    mutating func takeRetries(at now: Instant, where filter: (Int) -> Bool) -> [Int] {
        let due = retries.filter { $0.at <= now && filter($0.draft) }.map(\.draft)
        retries.removeAll { due.contains($0.draft) }
        return open.filter { due.contains($0) }
    }

    /// Whether it waits to be sent again.
    func waits(_ draft: Int) -> Bool { retries.contains { $0.draft == draft } }
}
