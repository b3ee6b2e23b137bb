import Testing

@testable import TokensJWT

@Suite("tokens.claims: what the issuer calls our claims")
struct ClaimNamesTests {
    @Test("without changes they are sub, tenant, name and rooms")
    func hasNames() throws {
        let names = try ClaimNames()
        #expect([names.user, names.tenant, names.name, names.rooms] == ["sub", "tenant", "name", "rooms"])
        let changed = try ClaimNames(["user": "userId", "tenant": "https://example.org/tenant"])
        #expect(changed.user == "userId" && changed.tenant == "https://example.org/tenant")
        #expect(changed.name == "name" && changed.all.contains("exp"))
    }

    @Test("two may change places")
    func swaps() throws {
        #expect(try ClaimNames(["user": "name", "name": "sub"]).user == "name")
    }

    @Test(
        "a claim that is not ours, an empty name and one name for two are refused",
        arguments: [
            (["exp": "until"], "user, tenant, name, rooms"), (["user": ""], "tokens.claims.user is empty"),
            (["user": "name"], "called name"), (["tenant": "exp"], "called exp"),
            (["user": "id", "name": "id"], "called id"),
        ] as [([String: String], String)])
    func refuses(_ changes: [String: String], _ says: String) {
        let error = #expect(throws: TokenSetupError.self) { try ClaimNames(changes) }
        #expect(error?.description.contains(says) == true)
    }
}
