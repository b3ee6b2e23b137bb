import TestKit
import Testing

@testable import TokensJWT

@Suite("RFC 7517: key sets; unknown keys are left out, weak and broken ones refused")
struct KeySetTests {
    private func read(_ lines: String...) throws -> KeySet {
        try KeySet(Array(#"{"keys":[\#(lines.joined(separator: ","))]}"#.utf8), path: "set.json")
    }

    private func refusal(_ text: String) -> String {
        do {
            _ = try KeySet(Array(text.utf8), path: "set.json")
            return "accepted"
        } catch {
            return error.description
        }
    }

    @Test("each kind is for its one algorithm, with alg or without")
    func readsKinds() throws {
        for forge in try Forge.all() {
            #expect(try read(forge.jwk).keys.map(\.algorithm) == [forge.algorithm])
            let named = try read(
                #"{"alg":"\#(forge.algorithm.rawValue)","use":"sig","kid":"k","# + forge.jwk.dropFirst())
            #expect(named.keys.map(\.algorithm) == [forge.algorithm] && named.keys[0].id == "k")
            #expect(named.warnings.isEmpty)
        }
    }

    @Test(
        "what is not known is left out with a warning that names the key",
        arguments: [
            #"{"kty":"new","kid":"odd"}"#, #"{"kid":"odd"}"#, #"{"kty":7,"kid":"odd"}"#,
            #"{"kty":"oct","alg":"HS512","k":"AA","kid":"odd"}"#, #"{"kty":"RSA","alg":"PS256","kid":"odd"}"#,
            #"{"kty":"EC","crv":"P-384","kid":"odd"}"#,
            #"{"kty":"EC","crv":"P-256","alg":"ES384","kid":"odd"}"#,
            #"{"kty":"OKP","crv":"X25519","kid":"odd"}"#, #"{"kty":"RSA","use":"enc","kid":"odd"}"#,
        ])
    func leavesOut(_ line: String) throws {
        let set = try read(line, Forge.secret().jwk)
        #expect(set.keys.map(\.algorithm) == [.hs256])
        #expect(set.warnings.count == 1 && set.warnings[0].contains("set.json: key 1 (kid odd) is left out"))
        let alone = refusal(#"{"keys":[\#(line)]}"#)
        #expect(alone.contains("no key that this server can use") && alone.contains("left out"))
    }

    @Test("a private half is warned of and not used")
    func warnsOfPrivateKeys() throws {
        let jwk = RFC7515.rsaKey.dropLast() + #","d":"\#(RFC7515.privateExponent)"}"#
        let set = try read(String(jwk))
        #expect(set.keys.count == 1)
        #expect(set.warnings.count == 1 && set.warnings[0].contains("private half"))
        #expect(!set.warnings[0].contains(RFC7515.privateExponent.prefix(8)))
    }

    @Test(
        "weak and broken keys end the start",
        arguments: [
            (
                #"{"kty":"RSA","n":"\#(String(repeating: "_", count: 170))8","e":"AQAB"}"#,
                "RSA key of 1024 bits"
            ),
            (
                #"{"kty":"RSA","n":"AAAA\#(String(repeating: "_", count: 170))8","e":"AQAB"}"#,
                "RSA key of 1024 bits"
            ),
            (#"{"kty":"RSA","n":"","e":"AQAB"}"#, "its n is missing"),
            (#"{"kty":"RSA","e":"AQAB"}"#, "its n is missing"),
            (#"{"kty":"RSA","n":"\#(RFC7515.modulus)"}"#, "its e is missing"),
            (#"{"kty":"RSA","n":"\#(RFC7515.modulus)","e":"AA"}"#, "its numbers are wrong"),
            (#"{"kty":"RSA","n":"\#(RFC7515.modulus)","e":"Ag"}"#, "its numbers are wrong"),
            (#"{"kty":"RSA","n":"\#(RFC7515.modulus)=","e":"AQAB"}"#, "its n is missing or not base64url"),
            (#"{"kty":"oct","k":"AAAA"}"#, "a secret of 3 bytes"), (#"{"kty":"oct"}"#, "its k is missing"),
            (#"{"kty":"EC","crv":"P-256","x":"AQ","y":"AQ"}"#, "its numbers are wrong"),
            (#"{"kty":"EC","crv":"P-256","x":"AQ"}"#, "its y is missing"),
            (#"{"kty":"OKP","crv":"Ed25519","x":"AQ"}"#, "its numbers are wrong"),
            (
                #"{"kty":"OKP","crv":"Ed25519","x":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}"#,
                "anybody can sign"
            ),
        ])
    func refusesKeys(_ line: String, _ says: String) {
        let said = refusal(#"{"keys":[\#(line)]}"#)
        #expect(said.contains(says), "\(said)")
        #expect(said.contains("set.json"))
    }

    @Test(
        "what is no key set is refused with what one looks like",
        arguments: [
            "", "[]", "{}", "{\"keys\":{}}", "{\"keys\":[1]}", "{\"keys\":[]}", "-----BEGIN PUBLIC KEY-----",
            "{\"keys\":[{\"kty\":\"oct\"}", RFC7515.rsaKey, "{\"keys\":[]} {}",
        ])
    func refusesTexts(_ text: String) {
        let said = refusal(text)
        #expect(said.contains("no key set") || said.contains("no key that"), "\(said)")
    }

    @Test("two keys of one name are refused")
    func refusesTwins() throws {
        let (one, two) = (try Forge.elliptic(), try Forge.edwards())
        #expect(throws: TokenSetupError("set.json: two keys have the kid k; give each its own.")) {
            try read(#"{"kid":"k",\#(one.jwk.dropFirst())"#, #"{"kid":"k",\#(two.jwk.dropFirst())"#)
        }
    }

    @Test("keys without a kid stay as long as each is the only one of its algorithm")
    func leavesOutUnreachable() throws {
        let all = try Forge.all().map(\.jwk).joined(separator: ",")
        #expect(try read(all).keys.count == 4 && read(all).warnings.isEmpty)
        let twice = try read(Forge.elliptic().jwk, Forge.elliptic().jwk, Forge.edwards().jwk)
        #expect(twice.keys.map(\.algorithm) == [.edDSA])
        #expect(twice.warnings.count == 1 && twice.warnings[0].contains("2 keys without a kid"))
    }

    @Test("every beginning of a key set, and 2,000 texts with a byte changed, are read or refused")
    func survives() throws {
        let text = Array(#"{"keys":[\#(try Forge.all().map(\.jwk).joined(separator: ","))]}"#.utf8)
        for length in text.indices { _ = try? KeySet(Array(text[..<length]), path: "set.json") }
        var random = SeededRandom(seed: 11)
        for _ in 0..<2_000 {
            var changed = text
            changed[random.below(changed.count)] = UInt8(random.below(256))
            _ = try? KeySet(changed, path: "set.json")
        }
    }
}
