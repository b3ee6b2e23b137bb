import Time

/// How long a client waits before it comes back (chat.md §13): a random time below a bound that doubles.
struct Backoff {
    private var first: Duration = .milliseconds(500)
    private var most: Duration = .seconds(20)
    private var bound: Duration = .milliseconds(500)

    /// What the server asks for.
    mutating func configure(first: Duration, most: Duration) {
        self.first = first
        self.most = most
        bound = min(max(bound, first), most)
    }

    /// A session ended that had lasted so long: one that outlived the last bound sets it back.
    mutating func ended(after lasted: Duration) {
        if lasted > bound { bound = first }
    }

    /// The next wait; `chance` is uniform from 0 to 1.
    mutating func wait(_ chance: Double) -> Duration {
        let wait = bound * chance
        bound = min(bound * 2, most)
        return wait
    }
}
