import Histogram
import Time

/// What is counted while a replay runs, beside the ledger.
struct Tally {
    /// Microseconds from the moment a draft should have left to its acknowledgement, by WebSocket.
    var latency = Histogram<UInt32>(highestTrackableValue: Self.hour)
    /// The same through REST.
    var restLatency = Histogram<UInt32>(highestTrackableValue: Self.hour)
    /// Publications that subscribers were shown, by push or page.
    var deliveries = 0
    /// Connections after a user's first.
    var reconnects = 0
    /// Answers `unavailable`, over WebSocket and REST.
    var unavailable = 0
    /// Answers `tooManyOutstanding`.
    var tooMany = 0
    /// REST requests that ended without an answer.
    var restBroken = 0
    /// Close frames by code.
    var closes: [UInt16: Int] = [:]
    /// What broke a promise on the way.
    var violations = Violations()

    /// Counts one acknowledgement.
    mutating func acknowledged(after wait: Duration, isREST: Bool) {
        let microseconds = min(UInt64(max(1, wait.inNanoseconds / 1000)), Self.hour)
        // The range is kept: recording cannot fail.
        _ = isREST ? restLatency.record(microseconds) : latency.record(microseconds)
    }

    private static let hour: UInt64 = 3_600_000_000
}
