import Chat
import ChatProtocol
import TestKit
import Testing
import Time

@testable import TokensJWT

@Suite("TokenChecker: a token is accepted whole or not at all, and never repeated")
struct TokenCheckerTests {
    private func checker(_ keys: TokenKey..., claims: [String: String] = [:]) throws -> TokenChecker {
        TokenChecker(keys: TokenKeys(keys), names: try ClaimNames(claims))
    }

    @Test(
        "RFC 7515 A.1 to A.3: the standard's own tokens are accepted in their time",
        arguments: [
            (RFC7515.secretKey, RFC7515.secretToken), (RFC7515.rsaKey, RFC7515.rsaToken),
            (RFC7515.ellipticKey, RFC7515.ellipticToken),
        ])
    func takesTheStandards(_ jwk: String, _ token: String) throws {
        let keys = try KeySet(Array(#"{"keys":[\#(jwk)]}"#.utf8), path: "rfc").keys
        let checker = TokenChecker(keys: TokenKeys(keys), names: try ClaimNames(["user": "iss"]))
        let caller = try checker.caller(of: token, at: RFC7515.expiry)
        #expect(caller.user.description == "joe" && caller.expiresAt == RFC7515.expiry)
        #expect(sentence { try checker.caller(of: token, at: now) }?.contains("expired") == true)
    }

    @Test("every algorithm: its own token is accepted, a forged one is not")
    func takesOwn() throws {
        for forge in try Forge.all() {
            let checker = try checker(forge.key())
            #expect(try checker.caller(of: forge.token(goodClaims()), at: now).user.description == "ada")
            let forger = try [
                Forge.secret("a forger's secret of 32 bytes or so"), Forge.elliptic(), Forge.edwards(),
            ].first { $0.algorithm == forge.algorithm }
            guard let forger else { continue }
            let forged = try forger.token(goodClaims())
            #expect(
                sentence { try checker.caller(of: forged, at: now) }?.contains("signature is wrong") == true)
        }
    }

    @Test("the signature is of these claims and of no others")
    func holdsClaims() throws {
        for forge in try Forge.all() {
            let checker = try checker(forge.key())
            let good = try forge.token(goodClaims()).split(separator: ".")
            let other = try forge.token(goodClaims(#""tenant":"other""#)).split(separator: ".")
            let mixed = [good[0], other[1], good[2]].joined(separator: ".")
            #expect(
                sentence { try checker.caller(of: mixed, at: now) }?.contains("signature is wrong") == true)
        }
    }

    @Test("the classic: HS256 with the public key's text as the secret is refused, with kid and without")
    func refusesConfusion() throws {
        let rsa = try Forge.rsa()
        let pem = """
            -----BEGIN PUBLIC KEY-----
            MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAofgWCuLjybRlzo0tZWJj
            NiuSfb4p4fAkd/wWJcyQoTbji9k0l8W26mPddxHmfHQp+Vaw+4qPCJrcS2mJPMEz
            P1Pt0Bm4d4QlL+yRT+SFd2lZS+pCgNMsD1W/YpRPEwOWvG6b32690r2jZ47soMZo
            9wGzjb/7OMg0LOL+bSf63kpaSHSXndS5z5rexMdbBYUsLA9e+KXBdQOS+UTo7WTB
            EMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6/I5IhlJH7aGhyxX
            FvUK+DWNmoudF8NAco9/h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXp
            oQIDAQAB
            -----END PUBLIC KEY-----

            """
        for secret in [pem, String(pem.dropLast()), RFC7515.modulus, rsa.jwk] {
            let forger = Forge.secret(secret)
            for header in [#"{"alg":"HS256"}"#, #"{"alg":"HS256","kid":"k"}"#] {
                let token = try forger.token(goodClaims(), header: header)
                let says = sentence { try checker(rsa.key(id: "k")).caller(of: token, at: now) }
                #expect(says?.contains("HS256") == true && says?.contains("RS256") == true)
            }
            // The header lies about the algorithm: then the signature does not fit the key.
            let lying = try forger.token(goodClaims(), header: #"{"alg":"RS256"}"#)
            #expect(
                sentence { try checker(rsa.key()).caller(of: lying, at: now) }?.contains("signature") == true)
        }
    }

    @Test(
        "alg none is refused, with an empty signature and with a right one",
        arguments: ["none", "None", "NONE", ""])
    func refusesNone(_ name: String) throws {
        for forge in try Forge.all() {
            let checker = try checker(forge.key())
            let signed = try forge.token(goodClaims(), header: #"{"alg":"\#(name)"}"#)
            let bare = signed[...(signed.lastIndex(of: ".") ?? signed.startIndex)]
            for token in [signed, String(bare)] {
                #expect(sentence { try checker.caller(of: token, at: now) }?.contains("never takes") == true)
            }
        }
    }

    @Test("claims of a token with a wrong signature are not looked at")
    func looksAtSignaturesFirst() throws {
        let checker = try checker(Forge.secret().key())
        let token = try Forge.secret("a forger's secret of 32 bytes or so").token("{")
        #expect(sentence { try checker.caller(of: token, at: now) }?.contains("signature is wrong") == true)
    }

    @Test("every beginning of a token, and every token with a byte left out or doubled, is refused")
    func refusesTruncations() throws {
        for forge in try Forge.all() {
            let checker = try checker(forge.key())
            let token = Array(try forge.token(goodClaims(#""rooms":[{"match":"*"}]"#)).utf8)
            for index in token.indices {
                for changed in [
                    Array(token[..<index]), Array(token[..<index] + token[(index + 1)...]),
                    Array(token[...index] + token[index...]),
                ] {
                    let text = String(decoding: changed, as: UTF8.self)
                    #expect(sentence { try checker.caller(of: text, at: now) } != nil)
                }
            }
        }
    }

    @Test("10,000 mutations: none is accepted, none harms, no sentence repeats a piece of the token")
    func refusesMutations() throws {
        var random = SeededRandom(seed: 4_711)
        let forges = try Forge.all()
        let keys = TokenKeys(try forges.map { try $0.key() })
        let checker = TokenChecker(keys: keys, names: try ClaimNames())
        let alphabet = Array("ABCabc019-_.=+/ {}\"\\,:\u{00E9}\u{0000}".utf8)
        for round in 0..<10_000 {
            let token = Array(try forges[round % 4].token(goodClaims(#""rooms":[{"match":"hall"}]"#)).utf8)
            var changed = token
            for _ in 0...random.below(3) {
                let place = random.below(changed.count)
                switch random.below(4) {
                case 0: changed[place] = random.element(of: alphabet)
                case 1: changed[place] ^= 1 << UInt8(random.below(8))
                case 2: changed.insert(random.element(of: alphabet), at: place)
                default: changed.remove(at: place)
                }
            }
            let text = String(decoding: changed, as: UTF8.self)
            guard Array(text.utf8) != token else { continue }
            let said = try #require(sentence { try checker.caller(of: text, at: now) })
            #expect(said.hasSuffix("."))
            for part in token.split(separator: UInt8(ascii: ".")) {
                #expect(!said.contains(String(decoding: part.prefix(12), as: UTF8.self)))
            }
        }
    }

    @Test("10,000 mutations of header and claims that are signed rightly: accepted or refused, never harmful")
    func survivesSignedMutations() throws {
        var random = SeededRandom(seed: 8_080)
        let forge = Forge.secret()
        let checker = try checker(forge.key())
        let header = Array(#"{"alg":"HS256","typ":"JWT","kid":"k"}"#.utf8)
        let claims = Array(
            goodClaims(#""nbf":1.5e9,"tenant":"a","rooms":[{"match":"h*","can":["join"]}]"#).utf8)
        func mutate(_ text: [UInt8]) -> String {
            var text = text
            for _ in 0...random.below(4) {
                text[random.below(text.count)] = random.element(of: Array(#"{}[]",:\u01e9.-tfn *"#.utf8))
            }
            return String(decoding: text, as: UTF8.self)
        }
        for round in 0..<10_000 {
            let isHeader = round % 4 == 0
            let token = try forge.token(
                isHeader ? goodClaims() : mutate(claims), header: isHeader ? mutate(header) : nil)
            _ = try? checker.caller(of: token, at: now)
        }
    }
}
