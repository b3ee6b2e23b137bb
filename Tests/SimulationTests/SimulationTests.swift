import Testing

/// The promises of design.md §1 (1 to 3) and the invariants of ordering.md §4, held against the hub in every
/// weather. Each seed is a world of its own; a failure names the seed, and `PARLEY_SEED` repeats it.
@Suite("every promise holds in every weather")
struct SimulationTests {
    @Test("seeds of the weather", arguments: Profile.allCases)
    func keepsItsPromises(in profile: Profile) {
        var failures = 0
        for seed in Seeds.all where Profile(seed: seed) == profile && failures < 3 {
            guard Simulator(seed: seed).run().violation != nil else { continue }
            failures += 1
            let told = Simulator(seed: seed, traceLines: Seeds.traceLines).run()
            Issue.record(
                """
                PARLEY_SEED=\(seed) (\(profile)), step \(told.steps): \(told.violation ?? "gone")
                \(told.lines.joined(separator: "\n"))
                """)
        }
    }
}
