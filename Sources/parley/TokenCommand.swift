import ArgumentParser
import ChatProtocol
import Foundation
import Gateway
import Time
import TokensJWT

/// `parley token`.
struct TokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Prints a token, signed with the configured secret.",
        discussion: """
            Without --room it grants nothing. --room 'support:*=join,publish' grants these verbs in rooms \
            that match, * being any run of characters; without =… it grants join, publish, history and \
            presence.
            """)

    @OptionGroup var arguments: ConfigurationArguments

    @Option(help: ArgumentHelp("Whose user: 1 to 63 of a-z, 0-9 and -.", valueName: "tenant"))
    var tenant = TenantID.default.description

    @Option(help: ArgumentHelp("Who bears the token.", valueName: "user"))
    var user: String

    @Option(help: ArgumentHelp("The name shown to others.", valueName: "name"))
    var name: String?

    @Option(help: ArgumentHelp("Rooms, and what may be done there; repeat it.", valueName: "pattern=verbs"))
    var room: [String] = []

    @Option(help: ArgumentHelp("How long it holds: 30s, 15m, 1h, 7d.", valueName: "time"))
    var expires = "1h"

    func run() throws {
        let settings = try arguments.load().configuration.tokens
        let signer: TokenSigner?
        do { signer = try settings?.signer() } catch { throw Failure.usage(error.description) }
        guard let signer else {
            throw Failure.usage(
                """
                There is no secret to sign with: make one with \
                `head -c 32 /dev/urandom | base64 > parley.secret`, and pass --secret-file parley.secret \
                here and to serve.
                """)
        }
        let now = WallTime(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000))
        let draft = try draft(at: now)
        do {
            output(try signer.token(draft, at: now) + "\n")
        } catch {
            throw Failure.usage(error.description)
        }
        if room.isEmpty {
            complain("parley: this token allows nothing: say what it opens, such as --room 'support:*'.")
        }
    }

    private func draft(at now: WallTime) throws -> TokenDraft {
        guard let lifetime = Lifetime(expires) else {
            throw Failure.usage("--expires: write a number and s, m, h or d, such as 1h; at most 3650d.")
        }
        let end = WallTime(milliseconds: now.milliseconds + lifetime.seconds * 1_000)
        do {
            return TokenDraft(
                tenant: try TenantID(tenant), user: try UserID(user), name: name,
                rooms: try room.map { try GrantDraft($0) }, expiresAt: end)
        } catch let error as IdentifierError {
            throw Failure.usage("--tenant or --user: \(error).")
        } catch let error as TokenSetupError {
            throw Failure.usage("--room \(error)")
        }
    }
}
