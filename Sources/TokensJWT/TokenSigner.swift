import Bytes
import Chat
import ChatProtocol
import JSON
package import Time

/// Makes tokens with the configured secret (HS256), under the issuer's claim names: those that `serve`
/// accepts with the same configuration.
package struct TokenSigner: Sendable {
    private let checker: TokenChecker
    private let key: TokenKey

    /// With the secret of that file. Throws a sentence for the operator.
    package init(secretFile: String, claims: [String: String]) throws(TokenSetupError) {
        key = TokenKey(secret: try KeyFile.secret(at: secretFile), id: nil)
        checker = TokenChecker(
            keys: try TokenKeys(secretFile: secretFile, jwksFile: nil), names: try ClaimNames(claims))
    }

    /// The token. Throws where no server would take it at `now`, with the reason.
    package func token(_ draft: TokenDraft, at now: WallTime) throws(TokenSetupError) -> String {
        var header = JSONWriter()
        header.beginObject()
        header.key("alg")
        header.string(key.algorithm.rawValue)
        header.key("typ")
        header.string("JWT")
        header.endObject()
        let signed =
            Base64.encode(header.finish().span, .url) + "." + Base64.encode(claims(draft).span, .url)
        let token = signed + "." + Base64.encode(key.sign(Array(signed.utf8)).span, .url)
        do { _ = try checker.caller(of: token, at: now) } catch {
            guard case .refused(let sentence) = error else { return token }
            throw TokenSetupError("No server would take this token. \(sentence)")
        }
        return token
    }

    private func claims(_ draft: TokenDraft) -> [UInt8] {
        let names = checker.names
        var json = JSONWriter()
        json.beginObject()
        json.key(text: names.user)
        json.string(draft.user.utf8.span)
        json.key(text: names.tenant)
        json.string(draft.tenant.description)
        if let name = draft.name {
            json.key(text: names.name)
            json.string(name)
        }
        json.key("exp")
        json.integer(draft.expiresAt.milliseconds / 1_000)
        json.key(text: names.rooms)
        json.beginArray()
        for grant in draft.rooms { write(grant, to: &json) }
        json.endArray()
        json.endObject()
        return json.finish()
    }

    private func write(_ grant: GrantDraft, to json: inout JSONWriter) {
        json.beginObject()
        json.key("match")
        json.string(grant.match)
        if let can = grant.can {
            json.key("can")
            json.beginArray()
            for verb in can { json.string(verb) }
            json.endArray()
        }
        json.endObject()
    }
}
