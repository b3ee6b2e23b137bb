import ChatProtocol
import Glibc
import TestKit
import Testing
import Time
import TokensJWT

@testable import Gateway

/// A secret of one test, and tokens signed with it.
final class TokenDesk {
    let folder: TestFolder
    let secretFile: String

    init() throws {
        folder = try TestFolder()
        secretFile = try folder.file("secret", "one secret of at least thirty-two bytes\n")
    }

    /// A gateway that asks for them.
    func gateway(
        workers: Int = 2, claims: [String: String] = [:],
        _ change: (inout ServerConfiguration) -> Void = { _ in }
    ) throws -> TestGateway {
        try TestGateway(workers: workers) {
            $0.tokens = TokenSettings(secretFile: self.secretFile, jwksFile: nil, claims: claims)
            change(&$0)
        }
    }

    /// A token for rooms as `parley token --room` has them, valid for so long from now.
    func token(
        _ user: String, tenant: String = "default", name: String? = nil, rooms: [String] = ["*"],
        seconds: Int64 = 600, claims: [String: String] = [:]
    ) throws -> String {
        let now = WallTime(milliseconds: Int64(time(nil)) * 1_000)
        let end = WallTime(milliseconds: now.milliseconds + seconds * 1_000)
        return try TokenSigner(secretFile: secretFile, claims: claims).token(
            TokenDraft(
                tenant: try TenantID(tenant), user: try UserID(user), name: name,
                rooms: try rooms.map { try GrantDraft($0) }, expiresAt: end),
            at: seconds < 0 ? WallTime(milliseconds: end.milliseconds - 1_000) : now)
    }
}

extension TestClient {
    /// Connects with a token; `more` are further fields.
    func connect(token: String, _ more: String = "") throws -> JSONValue {
        try ask("connect", #"{"token":"\#(token)"\#(more.isEmpty ? "" : ",")\#(more)}"#)
    }
}

extension TestConnection {
    /// A REST call with a token.
    func call(
        _ method: String, _ room: String, token: String?, body: String? = nil, query: String = ""
    ) throws -> (answer: HTTPAnswer, json: JSONValue) {
        var fields = token.map { [("Authorization", "Bearer \($0)")] } ?? []
        if body != nil { fields.append(("Content-Type", "application/json")) }
        let answer = try ask(method, "/api/v1/rooms/\(room)/publications\(query)", fields: fields, body: body)
        return (answer, try JSONValue(parsing: answer.text))
    }
}
