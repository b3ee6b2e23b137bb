/// A member's name, folded into one number so that comparing costs no memory: `switch key { case "room": …
/// }`.
///
/// Only names of at most 16 bytes can be told apart; longer ones, and the empty one, are equal to each other
/// and to no literal. Escapes are resolved before: `"\u0069d"` is `"id"`.
package struct JSONKey: Equatable, Sendable, ExpressibleByStringLiteral {
    private let folded: UInt128
    /// Where the name stands in the text, quotes and escapes included; empty in a literal.
    package let range: Range<Int>

    /// 0xFF occurs in no UTF-8, so no name folds to this.
    private static let foreign = UInt128.max
    private static let byteLimit = 16

    /// The name `name`, which stands at `range`.
    init(_ name: Span<UInt8>, at range: Range<Int>) {
        self.range = range
        guard !name.isEmpty, name.count <= Self.byteLimit else {
            folded = Self.foreign
            return
        }
        var folded: UInt128 = 0
        for index in name.indices { folded = folded << 8 | UInt128(name[index]) }
        self.folded = folded
    }

    /// A name known beforehand: 1 to 16 bytes.
    package init(stringLiteral name: StaticString) {
        precondition((1...Self.byteLimit).contains(name.utf8CodeUnitCount), "a known name has 1 to 16 bytes")
        var folded: UInt128 = 0
        for index in 0..<name.utf8CodeUnitCount {
            // The literal's length bounds the index, and a literal lives for ever.
            folded = folded << 8 | UInt128(unsafe name.utf8Start[index])
        }
        self.folded = folded
        range = 0..<0
    }

    package static func == (left: JSONKey, right: JSONKey) -> Bool { left.folded == right.folded }
}
