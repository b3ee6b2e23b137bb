import Testing

@testable import TokensJWT

@Suite("SmallOrderPoint: Ed25519 keys for which anybody can sign")
struct SmallOrderPointTests {
    /// The y of the order 8 points; p less one is that of order 2.
    private static let eighth: [UInt8] = [
        0x26, 0xE8, 0x95, 0x8F, 0xC2, 0xB2, 0x27, 0xB0, 0x45, 0xC3, 0xF4, 0x89, 0xF2, 0xEF, 0x98, 0xF0,
        0xD5, 0xDF, 0xAC, 0x05, 0xD3, 0xC6, 0x33, 0x39, 0xB1, 0x38, 0x02, 0x88, 0x6D, 0x53, 0xFC, 0x05,
    ]
    private static let prime: [UInt8] = [0xED] + Array(repeating: 0xFF, count: 30) + [0x7F]

    /// p less `number`, which is less than p.
    private func negated(_ number: [UInt8]) -> [UInt8] {
        var borrow = 0
        return zip(Self.prime, number).map { left, right in
            let difference = Int(left) - Int(right) - borrow
            borrow = difference < 0 ? 1 : 0
            return UInt8(truncatingIfNeeded: difference)
        }
    }

    @Test("0, 1, -1 and the two of order 8 are, with either sign of x, and 0 and 1 written as p and p + 1")
    func knowsAll() {
        let one = [1] + Array(repeating: UInt8(0), count: 31)
        let above: [UInt8] = [0xEE] + Self.prime.dropFirst()
        let zero = [UInt8](repeating: 0, count: 32)
        let found = [zero, one, negated(one), Self.eighth, negated(Self.eighth), Self.prime, above]
        for point in found {
            #expect(SmallOrderPoint.contains(point))
            #expect(SmallOrderPoint.contains(point[..<31] + [point[31] | 0x80]))
        }
        #expect(Set(found).count == 7)
    }

    @Test("their neighbours, another length and a key that somebody made are not")
    func passesOthers() throws {
        for byte in [UInt8(2), 0xEB, 0xEF] {
            #expect(!SmallOrderPoint.contains([byte] + Self.prime.dropFirst()))
        }
        #expect(!SmallOrderPoint.contains([]) && !SmallOrderPoint.contains([UInt8](repeating: 0, count: 31)))
        _ = try KeySet(Array(#"{"keys":[\#(try Forge.edwards().jwk)]}"#.utf8), path: "set.json")
    }
}
