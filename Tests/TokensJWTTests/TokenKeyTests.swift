import JWTKit
import Testing

@testable import TokensJWT

@Suite("TokenKey: one key, one algorithm")
struct TokenKeyTests {
    @Test("what it signed it knows again, and nothing else")
    func verifies() throws {
        for forge in try Forge.all() {
            let key = try forge.key()
            #expect(key.algorithm == forge.algorithm)
            let token = try TokenText(forge.token(goodClaims()))
            #expect(key.signed(token.signed, as: token.signature))
            #expect(!key.signed(token.signed + [0], as: token.signature))
            for other in try Forge.all() where other.algorithm != forge.algorithm {
                #expect(try !other.key().signed(token.signed, as: token.signature))
            }
        }
    }

    @Test("a signature of any other length, or with any bit turned, is wrong and harms nothing")
    func refusesSignatures() throws {
        for forge in try Forge.all() {
            let key = try forge.key()
            let token = try TokenText(forge.token(goodClaims()))
            for length in 0..<token.signature.count {
                #expect(!key.signed(token.signed, as: Array(token.signature[..<length])))
            }
            #expect(!key.signed(token.signed, as: token.signature + [0]))
            for bit in stride(from: 0, to: token.signature.count * 8, by: 7) {
                var turned = token.signature
                turned[bit / 8] ^= 1 << UInt8(bit % 8)
                #expect(!key.signed(token.signed, as: turned))
            }
            #expect(!key.signed([UInt8](), as: token.signature))
        }
    }

    @Test("the zero signature is no signature: RFC 7518 §3.4, r and s are at least 1")
    func refusesZeros() throws {
        for forge in try Forge.all() {
            let token = try TokenText(forge.token(goodClaims()))
            let zeros = [UInt8](repeating: 0, count: token.signature.count)
            #expect(try !forge.key().signed(token.signed, as: zeros))
        }
    }

    @Test("numbers that are no key throw")
    func refusesNumbers() {
        let off = JWK.ecdsa(.es256, identifier: nil, x: "AQ", y: "AQ", curve: .p256)
        #expect(throws: (any Error).self) { try TokenKey(off, for: .es256, id: nil) }
    }
}
