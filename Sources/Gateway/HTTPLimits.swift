/// What a plain HTTP connection may cost: time, and memory for what it sends ahead of its answers. Options
/// set the times.
package struct HTTPLimits: Sendable {
    /// From the first byte of a request's head to its last.
    package var headerTime: Duration = .seconds(10)
    /// How large a head may be, in bytes; half of it for the request line.
    package var headerBytes = 16_384
    /// From the first byte of a request to its last.
    package var requestTime: Duration = .seconds(10)
    /// Between requests.
    package var idleTime: Duration = .seconds(75)
    /// So many bytes of further requests wait while one is being answered.
    package var readAheadBytes = 64 * 1_024
    /// So long a peer that reads none of its answers is waited for.
    package var answerTime: Duration = .seconds(30)
    /// So many bytes of answers wait to leave before the next request is looked at.
    package var answersAheadBytes = 262_144

    /// From the opening of a connection to the first byte of its first request, and from there to the end of
    /// its head.
    var firstTime: Duration { min(headerTime, requestTime) }

    /// The usual limits.
    package init() {}
}
