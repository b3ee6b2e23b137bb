import Chat
import ChatProtocol
import Testing
import Time

@testable import TokensJWT

@Suite("TokenSigner: what it makes, the server with the same configuration takes")
struct TokenSignerTests {
    private let secret: String
    private let folder: KeyFolder

    init() throws {
        folder = try KeyFolder()
        secret = try folder.file("secret", Forge.secretText + "\n")
    }

    private func draft(_ rooms: [String] = [], name: String? = nil, at time: Int64 = 60) throws -> TokenDraft
    {
        TokenDraft(
            tenant: try TenantID("acme"), user: try UserID("ada \"é\\"), name: name,
            rooms: try rooms.map { try GrantDraft($0) },
            expiresAt: WallTime(milliseconds: now.milliseconds + time * 1_000))
    }

    @Test(
        "everything arrives, under the issuer's names too",
        arguments: [[:], ["user": "userId", "rooms": "r"]])
    func arrives(_ claims: [String: String]) throws {
        let signer = try TokenSigner(secretFile: secret, claims: claims)
        let token = try signer.token(draft(["hall", "support:*=join"], name: "Ada"), at: now)
        let authority = try TokenAuthority(secretFile: secret, jwksFile: nil, claims: claims)
        let caller = try authority.caller(of: token, at: now)
        #expect(caller.tenant.description == "acme" && caller.user.description == "ada \"é\\")
        #expect(caller.name == "Ada" && caller.expiresAt?.milliseconds == now.milliseconds + 60_000)
        #expect(caller.grants.allow(.publish, in: try RoomName("hall")))
        #expect(!caller.grants.allow(.publish, in: try RoomName("support:1")))
        #expect(caller.grants.allow(.join, in: try RoomName("support:1")))
    }

    @Test("what no server would take is not made, and it is said why")
    func refuses() throws {
        let signer = try TokenSigner(secretFile: secret, claims: [:])
        for (draft, says) in [
            (try draft(name: "a\nb"), "name"), (try draft(at: -60), "expired"),
            (try draft(Array(repeating: "a", count: 101)), "100 lines"),
            (try draft((0..<100).map { "\($0)" + String(repeating: "a", count: 150) }), "longer than"),
        ] {
            let error = #expect(throws: TokenSetupError.self) { try signer.token(draft, at: now) }
            #expect(error?.description.contains(says) == true)
        }
    }
}
