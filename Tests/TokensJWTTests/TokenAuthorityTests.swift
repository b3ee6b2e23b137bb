import Chat
import Testing

@testable import TokensJWT

@Suite("TokenAuthority: the keys are read again without a restart")
struct TokenAuthorityTests {
    @Test("after a reload the new key holds and the old one no longer; a bad file changes nothing")
    func reloads() throws {
        let folder = try KeyFolder()
        let file = try folder.file("secret", Forge.secretText)
        let authority = try TokenAuthority(secretFile: file, jwksFile: nil, claims: [:])
        let old = try Forge.secret().token(goodClaims())
        let new = try Forge.secret("another secret of thirty-two bytes").token(goodClaims())
        #expect(sentence { try authority.caller(of: old, at: now) } == nil)
        try folder.file("secret", "short")
        #expect(throws: TokenSetupError.self) { try authority.reload() }
        #expect(sentence { try authority.caller(of: old, at: now) } == nil)
        try folder.file("secret", "another secret of thirty-two bytes")
        #expect(sentence { try authority.caller(of: new, at: now) } != nil)
        try authority.reload()
        #expect(sentence { try authority.caller(of: new, at: now) } == nil)
        #expect(sentence { try authority.caller(of: old, at: now) }?.contains("signature") == true)
    }

    @Test("warnings about the key set are told")
    func warns() throws {
        let folder = try KeyFolder()
        let file = try folder.file("set", #"{"keys":[\#(RFC7515.rsaKey),{"kty":"new"}]}"#)
        let authority = try TokenAuthority(secretFile: nil, jwksFile: file, claims: [:])
        #expect(authority.warnings.count == 1)
        try folder.file("set", #"{"keys":[\#(RFC7515.rsaKey)]}"#)
        try authority.reload()
        #expect(authority.warnings.isEmpty)
    }
}
