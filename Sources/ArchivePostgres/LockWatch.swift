import Time

/// Notices locks that nobody gives back. How old a transaction is the server tells only to roles with the
/// right to see it; that it is still the same one, everybody may see: its age is counted from when it was
/// first seen.
struct LockWatch {
    /// How long a lock may be kept without a word.
    private static let patience = Duration.seconds(5)

    private struct Transaction: Hashable {
        let process: Int64
        let name: String
    }

    private struct Sight {
        let since: Instant
        var isTold = false
    }

    private var sights: [Transaction: Sight] = [:]

    /// Takes what is seen now; a sentence for each transaction that has been seen for five seconds, once.
    mutating func see(_ locks: [TableLock], at now: Instant) -> [String] {
        var present: [Transaction: Sight] = [:]
        var sentences: [String] = []
        for lock in locks where lock.isHeld {
            let transaction = Transaction(process: lock.process, name: lock.transaction)
            var sight = present[transaction] ?? sights[transaction] ?? Sight(since: now)
            let age = now - sight.since
            if !sight.isTold, age >= Self.patience {
                sight.isTold = true
                sentences.append(
                    """
                    \(lock.who) has held locks \(lock.barsAll ? "on parley.\(lock.table)" : "of rooms") for \
                    more than \(age.inNanoseconds / 1_000_000_000) seconds: publishing there waits; \
                    \(lock.remedy)
                    """)
            }
            present[transaction] = sight
        }
        sights = present
        return sentences
    }
}
