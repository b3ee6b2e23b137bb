import Testing

/// The simulator itself: it repeats itself to the step, finds what was planted, and gets around.
@Suite("the simulator")
struct SimulatorTests {
    @Test("the same seed gives the same run, another seed another one", arguments: Profile.allCases)
    func isDeterministic(in profile: Profile) {
        let seed = UInt64(profile.rawValue)
        let first = Simulator(seed: seed).run()
        let second = Simulator(seed: seed, traceLines: 60).run()
        #expect(first.hash == second.hash)
        #expect(first.steps == second.steps)
        let other = Simulator(seed: seed + UInt64(Profile.allCases.count)).run()
        #expect(first.hash != other.hash)
    }

    @Test("a planted bug is found, and without it nothing is", arguments: Mutation.allCases)
    func finds(_ mutation: Mutation) {
        let found = (0..<UInt64(40)).first { seed in
            Simulator(seed: seed, profile: mutation.profile, mutation: mutation).run().violation != nil
        }
        guard let found else {
            Issue.record("40 seeds in the weather \(mutation.profile) did not show that it \(mutation)")
            return
        }
        print("simulation: that it \(mutation) shows in seed \(found)")
        #expect(Simulator(seed: found, profile: mutation.profile).run().violation == nil, "it shows anyway")
    }

    @Test(
        "the weather reaches every road: repeats, gaps, pages, skips, resets, refusals, crashes, disconnects")
    func getsAround() {
        var sums: [String: Int] = [:]
        for seed in 0..<24 {
            let statistics = Simulator(seed: UInt64(seed)).run().statistics
            for (label, value) in Mirror(reflecting: statistics).children {
                sums[label ?? "", default: 0] += value as? Int ?? 0
            }
        }
        print("simulation: 24 seeds saw \(sums.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" })")
        for (label, sum) in sums { #expect(sum > 0, "\(label) never happened") }
    }
}
