/// One operation of the hot path, repeated: `scripts/bench.py` counts its instructions.
struct Bench: Sendable {
    /// What the command line and the baseline call it.
    let name: String
    /// How often a first measurement repeats it: some ten million instructions.
    let operations: Int
    /// Repeats it and returns a number made of the results, so that nothing is optimised away.
    let run: @Sendable (_ operations: Int) -> Int

    /// All of them.
    static let all = [
        FrameBench.frames, EnvelopeBench.decode, EnvelopeBench.encode, FanoutBench.fanout, HubBench.hub,
    ]
}
