import Time

/// When the bearer of a token is told that it expires, and when the session ends for it.
struct TokenLife: Equatable {
    /// So long before its expiry a token's bearer is told.
    static let notice: Duration = .seconds(60)
    /// So long after it the session lives on: clocks differ, and whoever checks tokens is as patient.
    static let leeway: Duration = .seconds(30)

    let expiresAt: WallTime
    private let tellsAt: WallTime
    var isTold = false

    /// The life of a token accepted at `now`. Where less than the notice is left, half of it is waited.
    init(until expiresAt: WallTime, at now: WallTime) {
        self.expiresAt = expiresAt
        let notice = Self.notice.inMilliseconds
        let left = Self.left(until: expiresAt, at: now)
        tellsAt = WallTime(
            milliseconds: now.milliseconds + (left > notice ? left - notice : left / 2))
    }

    /// What is left of it, in milliseconds; 0 when it is over.
    func left(at now: WallTime) -> Int64 { Self.left(until: expiresAt, at: now) }

    /// How long nothing has to be done; zero when something is due.
    func rest(at now: WallTime) -> Duration {
        guard isTold else { return .milliseconds(Self.left(until: tellsAt, at: now)) }
        let (end, overflow) = expiresAt.milliseconds.addingReportingOverflow(Self.leeway.inMilliseconds)
        return .milliseconds(Self.left(until: WallTime(milliseconds: overflow ? .max : end), at: now))
    }

    private static func left(until end: WallTime, at now: WallTime) -> Int64 {
        guard end > now else { return 0 }
        let (left, overflow) = end.milliseconds.subtractingReportingOverflow(now.milliseconds)
        return overflow ? .max : left
    }
}
