/// Rounds of asking all workers for their figures.
struct FigureRounds {
    private struct Round {
        var collected: [WorkerFigures]
        var missing: Int
        let done: ([WorkerFigures]) -> Void
    }

    private var rounds: [UInt64: Round] = [:]
    private var last: UInt64 = 0

    /// Begins a round that is done when `expecting` others have answered.
    mutating func begin(
        own: WorkerFigures, expecting: Int, _ done: @escaping ([WorkerFigures]) -> Void
    ) -> UInt64 {
        last += 1
        guard expecting > 0 else {
            done([own])
            return last
        }
        rounds[last] = Round(collected: [own], missing: expecting, done: done)
        return last
    }

    mutating func add(_ figures: WorkerFigures, round: UInt64) {
        guard var current = rounds.removeValue(forKey: round) else { return }
        current.collected.append(figures)
        current.missing -= 1
        if current.missing == 0 { return current.done(current.collected) }
        rounds[round] = current
    }

    /// Ends all rounds with what came: the others answer no more.
    mutating func end() {
        let unfinished = rounds.sorted { $0.key < $1.key }
        rounds = [:]
        for (_, round) in unfinished { round.done(round.collected) }
    }
}
