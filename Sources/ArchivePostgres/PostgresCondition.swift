import ArchiveThread
import Synchronization

/// How the archive is, written by its thread and read by any: what is wrong, and what is weak.
final class PostgresCondition: Sendable {
    private struct State: Sendable {
        var problems = [HealthBoard.notConnected]
        var weaknesses: [String] = []
    }

    private let state = Mutex(State())

    /// Whether nothing is wrong.
    var isHealthy: Bool { state.withLock { $0.problems.isEmpty } }

    /// What is wrong, then what is weak; each sentence once.
    var remarks: [String] { state.withLock { $0.problems + $0.weaknesses } }

    func set(problems: [String]) { state.withLock { $0.problems = problems } }

    func set(weaknesses: [String]) { state.withLock { $0.weaknesses = weaknesses } }
}

/// The loop's side of the condition: who has which problem, and what of it was reported already. An outage is
/// reported once, whatever number of connections it takes down.
final class HealthBoard {
    /// What is wrong until something is known.
    static let notConnected = "Postgres is not connected yet: wait, or look for the reason in the log"

    private let condition: PostgresCondition
    private let report: @Sendable (ArchiveEvent) -> Void
    /// By the name of the connection that has it.
    private var failures: [String: String] = [:]
    /// The same, of connections that are being made and nothing worse is known of.
    private var waits: [String: String] = [:]
    private var told: Set<String> = []

    init(_ condition: PostgresCondition, report: @escaping @Sendable (ArchiveEvent) -> Void) {
        self.condition = condition
        self.report = report
    }

    /// Something fails: nobody is told a second time, but of what an operator must mend.
    func failed(_ who: String, _ sentence: String, needsOperator: Bool = false) {
        failures[who] = sentence
        publish()
        if told.isEmpty || (needsOperator && !told.contains(sentence)) {
            report(.cannotWrite(reason: sentence))
            told.insert(sentence)
        }
    }

    /// It waits, and nothing is known to be wrong: told on `remarks` only, and only where nothing worse is.
    func waits(_ who: String, _ sentence: String) {
        waits[who] = sentence
        publish()
    }

    /// It works.
    func works(_ who: String) {
        let (failure, wait) = (failures.removeValue(forKey: who), waits.removeValue(forKey: who))
        guard failure != nil || wait != nil else { return }
        publish()
        if failures.isEmpty, waits.isEmpty, !told.isEmpty {
            told = []
            report(.writesAgain)
        }
    }

    /// Whether anybody's last attempt failed, so that waiting is of little use.
    var isFailing: Bool { !failures.isEmpty }

    /// What works, but weakly.
    func weak(_ sentences: [String]) { condition.set(weaknesses: sentences) }

    /// Something an operator should know.
    func notice(_ sentence: String) { report(.notice(sentence)) }

    private func publish() {
        condition.set(problems: Set((failures.isEmpty ? waits : failures).values).sorted())
    }
}
