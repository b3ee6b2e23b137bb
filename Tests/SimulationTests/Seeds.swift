import Foundation
import TestKit

/// Which seeds a test run takes: the first fifty always, fresh ones beyond, one at least.
///
/// `PARLEY_SEEDS=1000` takes so many; `PARLEY_SEED=12345` takes that one alone, which repeats what a failure
/// named; `PARLEY_TRACE=2000` then tells that many of its last steps.
enum Seeds {
    private static let fixed = 49

    /// How many steps of a failed run are told.
    static var traceLines: Int {
        ProcessInfo.processInfo.environment["PARLEY_TRACE"].flatMap { Int($0) } ?? 60
    }

    /// The seeds of this run, the same for all tests of the process.
    static let all: [UInt64] = {
        let environment = ProcessInfo.processInfo.environment
        if let seed = environment["PARLEY_SEED"].flatMap({ UInt64($0) }) { return [seed] }
        let count = environment["PARLEY_SEEDS"].flatMap { Int($0) } ?? fixed + 1
        let fresh = max(1, count - fixed)
        var random = SeededRandom(seed: UInt64.random(in: 0...UInt64.max))
        let drawn = (0..<fresh).map { _ in UInt64(random.below(1 << 31)) }
        print(
            "simulation: seeds 0 to \(count - fresh - 1), and \(fresh) fresh, the first of them \(drawn[0])")
        return (0..<max(count - fresh, 0)).map(UInt64.init) + drawn
    }()
}
