/// An input taken apart piece by piece, so that a fuzzer chooses what is done as well as what it is done
/// with. At its end everything drawn is zero or empty.
struct Draw {
    private var rest: ArraySlice<UInt8>

    /// Draws from the first byte on.
    init(_ input: [UInt8]) { rest = input[...] }

    /// Whether nothing is left.
    var isEmpty: Bool { rest.isEmpty }

    /// The next byte.
    mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }

    /// The next bytes, as many as are left at most.
    mutating func bytes(_ count: Int) -> [UInt8] {
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }

    /// Bytes behind their number, fewer than 256.
    mutating func bytes() -> [UInt8] {
        let count = Int(byte())
        return bytes(count)
    }

    /// The same as text, repaired where it is none.
    mutating func text() -> String { String(decoding: bytes(), as: UTF8.self) }

    /// Everything that is left.
    mutating func remainder() -> [UInt8] { bytes(rest.count) }
}
