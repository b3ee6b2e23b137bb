import Testing

@testable import TokensJWT

@Suite("parley token --room: PATTERN or PATTERN=VERB,VERB")
struct GrantDraftTests {
    @Test("the verbs stand behind the last =; without it nothing is said of them")
    func reads() throws {
        let full = try GrantDraft("support:*=join,publish")
        #expect(full.match == "support:*" && full.can == ["join", "publish"])
        let bare = try GrantDraft("hall")
        #expect(bare.match == "hall" && bare.can == nil)
        #expect(try GrantDraft("a=b=join").match == "a=b")
    }

    @Test(
        "what is none is refused with what to write",
        arguments: [
            ("", "1 to 200 bytes"), ("=join", "1 to 200 bytes"), ("hall=", "without a name"),
            ("hall=join,", "without a name"), ("hall=fly", "no verb fly"), ("a=b", "no verb b"),
            (String(repeating: "a", count: 201), "1 to 200 bytes"), ("$user:ada", "Parley's own"),
            ("$*=join", "Parley's own"), (" a", "begin or end with a space"), ("a*\n", "control characters"),
        ])
    func refuses(_ text: String, _ says: String) {
        let error = #expect(throws: TokenSetupError.self) { try GrantDraft(text) }
        #expect(error?.description.contains(says) == true)
    }
}
