/// Tells whether what is published still comes back: one beat a tick, each numbered.
///
/// It counts ticks, not time: a loop that stood still for a while must not take itself for deaf.
struct Canary {
    /// So many ticks after the first beat that was not heard, the broker is deaf.
    static let patience: UInt64 = 2

    private var sent: UInt64 = 0
    private var heard: UInt64 = 0

    /// The number of the beat to send now; nil where earlier ones are missing: deaf.
    mutating func tick() -> UInt64? {
        guard sent - heard < Self.patience else { return nil }
        sent += 1
        return sent
    }

    /// A beat came back. One that was never sent, or is older than another, says nothing.
    mutating func hear(_ beat: UInt64) {
        if beat > heard, beat <= sent { heard = beat }
    }
}
