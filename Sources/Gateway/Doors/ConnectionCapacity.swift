/// How many connections a process can take with the descriptors it may open.
struct ConnectionCapacity: Hashable {
    /// For files that are opened for a moment, and for connections to Postgres and Redis that come back.
    private static let reserve = 64
    /// A loop's own, its mailbox's, its timers'; a listener's and its spare for each address.
    private static let perWorker = 4
    private static let perListener = 2

    /// How many it takes.
    let connections: Int
    /// More were asked for than can be had.
    let isLess: Bool

    /// `wanted` is 0 for as many as can be.
    init(wanted: Int, descriptors: Int, workers: Int, addresses: Int) {
        let own = Self.reserve + workers * (Self.perWorker + Self.perListener * addresses)
        // A very small process shares evenly.
        let possible = max(1, descriptors - min(own, descriptors / 2))
        connections = wanted == 0 ? possible : min(wanted, possible)
        isLess = wanted > possible
    }
}
