/// What a fuzzer feeds: any bytes must leave a target's properties true. A property that fails ends the
/// process, which is what the fuzzer looks for; bad input never does.
package struct FuzzTarget: Sendable {
    /// How `FUZZ_TARGET` calls it, and the folder of its seeds under `Tests/Fuzz/Corpus`.
    package let name: String
    /// One round.
    package let run: @Sendable ([UInt8]) -> Void

    /// All targets but the canary.
    package static let all = [
        frames, link, deflate, utf8, handshake, http, proxy, response, query, base64, json, envelope, news,
        payload, redis,
    ]

    /// The target of that name, the canary included.
    package static func named(_ name: String) -> FuzzTarget? { (all + [canary]).first { $0.name == name } }

    /// Crashes on one planted input: a fuzzer that does not find it in a minute is not fuzzing. Byte after
    /// byte, each a branch of its own that coverage can see.
    package static let canary = FuzzTarget(name: "canary") { input in
        guard input.count > 3, input[0] == UInt8(ascii: "s") else { return }
        guard input[1] == UInt8(ascii: "o") else { return }
        guard input[2] == UInt8(ascii: "n") else { return }
        precondition(input[3] != UInt8(ascii: "g"), "the canary sings")
    }
}

/// The input cut by its own first bytes: the rest, whole, and the same rest in pieces.
struct SplitInput {
    /// Up to here an input is cut at every place.
    private static let everyCut = 40

    let bytes: [UInt8]
    /// The bytes cut as the input's first two choose, so that the fuzzer chooses the cuts too.
    let pieces: [ArraySlice<UInt8>]
    /// Several ways to cut the bytes: these, byte by byte, and a short input once at each place.
    let ways: [[ArraySlice<UInt8>]]

    init(_ input: [UInt8]) {
        let bytes = Array(input.dropFirst(2))
        self.bytes = bytes
        pieces = Self.drawn(bytes, seed: input.prefix(2).reduce(UInt32(1)) { $0 << 8 | UInt32($1) })
        var ways = [pieces, bytes.indices.map { bytes[$0...$0] }]
        if bytes.count <= Self.everyCut {
            for cut in bytes.indices.dropFirst() { ways.append([bytes[..<cut], bytes[cut...]]) }
        }
        self.ways = ways
    }

    private static func drawn(_ bytes: [UInt8], seed: UInt32) -> [ArraySlice<UInt8>] {
        var seed = seed
        var pieces: [ArraySlice<UInt8>] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            seed = seed &* 1_664_525 &+ 1_013_904_223
            let piece = rest.prefix(Int(seed >> 24) % 23 + 1)
            pieces.append(piece)
            rest = rest.dropFirst(piece.count)
        }
        return pieces
    }
}
