import Chat
import Testing

@testable import TokensJWT

@Suite("TokenKeys: the key is found by kid, or is the only one it can be; it decides the algorithm")
struct TokenKeysTests {
    private func key(_ keys: TokenKeys, _ header: String) throws(TokenRefusal) -> TokenKey {
        try keys.key(for: TokenHeader(Array(header.utf8)))
    }

    @Test("a kid finds its key, also among keys of one algorithm")
    func findsByID() throws {
        let keys = TokenKeys([try Forge.elliptic().key(id: "a"), try Forge.elliptic().key(id: "b")])
        #expect(try key(keys, #"{"alg":"ES256","kid":"b"}"#).id == "b")
        #expect(sentence { try key(keys, #"{"alg":"ES256","kid":"c"}"#) }?.contains("does not have") == true)
        #expect(sentence { try key(keys, #"{"alg":"ES256"}"#) }?.contains("name the key with kid") == true)
        #expect(
            sentence { try key(keys, #"{"alg":"RS256"}"#) }?.contains("None of this server's keys") == true)
        #expect(sentence { try key(keys, #"{"alg":"none"}"#) }?.contains("never takes") == true)
    }

    @Test("without a kid it is the only key, or the only one of the algorithm")
    func findsByAlgorithm() throws {
        let keys = TokenKeys([try Forge.secret().key(), try Forge.rsa().key()])
        #expect(try key(keys, #"{"alg":"RS256"}"#).algorithm == .rs256)
        #expect(try key(keys, #"{"alg":"HS256"}"#).algorithm == .hs256)
        #expect(sentence { try key(keys, #"{"alg":"ES256"}"#) }?.contains("None of") == true)
        let both = TokenKeys([try Forge.secret().key(), try Forge.secret().key(id: "a")])
        #expect(try key(both, #"{"alg":"HS256"}"#).id == nil, "the nameless one is meant")
        let named = TokenKeys([try Forge.rsa().key(id: "a")])
        #expect(try key(named, #"{"alg":"RS256"}"#).id == "a")
    }

    @Test("a kid that no key has is not made up for by a key without one")
    func refusesUnknownIDs() throws {
        let keys = TokenKeys([try Forge.secret().key()])
        #expect(
            sentence { try key(keys, #"{"alg":"HS256","kid":"x"}"#) }?.contains("kid names a key") == true)
    }

    @Test("an algorithm that is not the key's is refused with both names")
    func refusesAlgorithms() throws {
        let keys = TokenKeys([try Forge.rsa().key(id: "a")])
        for header in [#"{"alg":"HS256","kid":"a"}"#, #"{"alg":"HS256"}"#] {
            let says = try #require(sentence { try key(keys, header) })
            #expect(says.contains("HS256") && says.contains("RS256"))
        }
        #expect(
            sentence { try key(keys, #"{"alg":"none","kid":"a"}"#) }?.contains("sign it with RS256") == true)
    }

    @Test("a secret and a key set serve together")
    func readsBoth() throws {
        let folder = try KeyFolder()
        let secret = try folder.file("secret", Forge.secretText)
        let set = try folder.file("set", #"{"keys":[\#(RFC7515.rsaKey)]}"#)
        let keys = try TokenKeys(secretFile: secret, jwksFile: set)
        #expect(try key(keys, #"{"alg":"RS256"}"#).algorithm == .rs256)
        #expect(try key(keys, #"{"alg":"HS256"}"#).algorithm == .hs256)
        try folder.file("set", #"{"keys":[\#(RFC7515.secretKey)]}"#)
        let error = #expect(throws: TokenSetupError.self) { try TokenKeys(secretFile: secret, jwksFile: set) }
        #expect(error?.description.contains("give it a kid") == true)
        #expect(throws: TokenSetupError.self) { try TokenKeys(secretFile: nil, jwksFile: nil) }
    }
}
