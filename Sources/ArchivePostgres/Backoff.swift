import Random
import Time

/// Growing pauses between attempts, each drawn at random below its bound, so that many that failed together
/// do not come back together.
struct Backoff {
    private let first: Duration
    private let longest: Duration
    private var doublings = 0

    /// The first pause is below `first`, none is above `longest`.
    init(from first: Duration, to longest: Duration) {
        self.first = first
        self.longest = longest
    }

    /// After a success: the next pause is a first one.
    mutating func reset() { doublings = 0 }

    /// The next pause, `chance` of its bound.
    mutating func next(chance: UInt64 = randomUInt64()) -> Duration {
        let bound = min(first.inNanoseconds << doublings, longest.inNanoseconds)
        if bound < longest.inNanoseconds { doublings += 1 }
        return .nanoseconds(Int64(chance % UInt64(bound)) + 1)
    }
}
