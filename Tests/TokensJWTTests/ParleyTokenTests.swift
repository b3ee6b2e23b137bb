import Chat
import ChatProtocol
import Foundation
import Testing
import Time

@testable import TokensJWT

@Suite("the Swift program of docs/tokens.md")
struct ParleyTokenTests {
    private static let here = URL(filePath: #filePath).deletingLastPathComponent()

    private static func read(_ path: String) throws -> String {
        try String(contentsOf: here.appending(path: path), encoding: .utf8)
    }

    @Test("stands there as it is tested here")
    func isTheDocuments() throws {
        let document = try Self.read("../../docs/tokens.md")
        let blocks = document.components(separatedBy: "```swift\n").dropFirst()
            .map { $0.components(separatedBy: "```")[0] }
        #expect(blocks == [try Self.read("ParleyToken.swift")])
    }

    @Test("makes tokens that the server takes", arguments: ["", "\n"])
    func isTaken(_ end: String) async throws {
        // A blank at the end belongs to the secret, one line feed does not.
        let folder = try KeyFolder()
        let file = try folder.file("parley.secret", Forge.secretText + "= " + end)
        let token = try await ParleyTokens(secretFile: file).token(user: "ada", name: "Ada")
        let authority = try TokenAuthority(secretFile: file, jwksFile: nil, claims: [:])
        let today = WallTime(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000))
        let caller = try authority.caller(of: token, at: today)
        #expect(caller.tenant.description == "acme" && caller.user.description == "ada")
        #expect(caller.name == "Ada")
        #expect(caller.grants.allow(.publish, in: try RoomName("support:7")))
        #expect(!caller.grants.allow(.moderate, in: try RoomName("support:7")))
        #expect(!caller.grants.allow(.join, in: try RoomName("lobby")))
    }
}
