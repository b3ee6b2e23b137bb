/// Tokens by what came of them.
package struct TokenStatistics: Sendable, Hashable {
    /// Accepted.
    package var accepted = 0
    /// Refused, for whatever reason.
    package var refused = 0
    /// Not looked at: too many waited.
    package var unavailable = 0

    /// None yet.
    package init() {}
}
