package import Chat

/// What a backend gives the contract to work with: one archive, empty at first.
package protocol ArchiveHarness: AnyObject {
    /// Another worker's endpoint of the archive.
    func endpoint() throws -> any Archive
    /// Lets the archive work, and completions run, until `isDone`; returns early where nothing happens any
    /// more.
    func run(until isDone: () -> Bool) throws
    /// Stops the archive and starts it again on what it kept; the endpoints of before are gone.
    func restart() throws
    /// Begins a new generation as `parley new-epoch` does; the endpoints of before are gone.
    func beginGeneration() throws
}

/// One rule of the port `Archive`, as a test that every backend runs.
package struct ArchiveCase: Sendable, CustomStringConvertible {
    /// The rule.
    package let sentence: String
    /// Whether the archive is restarted on the way: not for one that lives in memory only.
    package let needsRestart: Bool
    private let body: @Sendable (Bench) throws -> Void

    init(_ sentence: String, needsRestart: Bool = false, body: @escaping @Sendable (Bench) throws -> Void) {
        self.sentence = sentence
        self.needsRestart = needsRestart
        self.body = body
    }

    package var description: String { sentence }

    /// Holds the archive of `harness`, which is empty, against the rule.
    package func check(_ harness: any ArchiveHarness) throws { try body(Bench(harness)) }
}

/// The contract of the port `Archive`.
package enum ArchiveContract {
    /// Every rule.
    package static let cases: [ArchiveCase] =
        appendCases + retryCases + readCases + openCases + membershipCases + generationCases
}
