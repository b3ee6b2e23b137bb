package import Time

/// All sessions and rooms of one worker: decides everything, does nothing.
package final class Hub {
    /// A hub with nobody in it.
    package init(_ configuration: HubConfiguration) {}

    /// Takes a fact and adds what is to be done about it.
    package func handle(_ input: Input, at now: Moment, effects: inout [Effect]) {}

    /// When `advance` wants to be called next.
    package var deadline: Instant? { nil }

    /// Lets time pass: everything due by now is done.
    package func advance(to now: Moment, effects: inout [Effect]) {}
}
