/// What the four renamed claims are called in the tokens of this server's issuer.
struct ClaimNames: Sendable {
    private(set) var user = "sub"
    private(set) var tenant = "tenant"
    private(set) var name = "name"
    private(set) var rooms = "rooms"
    /// Whether the operator said what the tenant is called: then every token names one, lest a misspelt
    /// claim put somebody among strangers.
    let isTenantRequired: Bool

    /// The claims that no table renames: RFC 7519 says what they are.
    static let registered = ["exp", "nbf"]

    /// Our names for the claims that can have others.
    static let renamable = ["user", "tenant", "name", "rooms"]

    /// All of them, and those that have one name everywhere.
    var all: [String] { [user, tenant, name, rooms] + Self.registered }

    /// The names with these changes: ours to the issuer's, such as `user` to `userId`.
    init(_ changes: [String: String] = [:]) throws(TokenSetupError) {
        isTenantRequired = changes["tenant"] != nil
        for (ours, theirs) in changes.sorted(by: { $0.key < $1.key }) {
            guard !theirs.isEmpty else {
                throw TokenSetupError("tokens.claims.\(ours) is empty: write what the claim is called.")
            }
            switch ours {
            case "user": user = theirs
            case "tenant": tenant = theirs
            case "name": name = theirs
            case "rooms": rooms = theirs
            default:
                throw TokenSetupError(
                    "tokens.claims.\(ours): there is no such claim; those that can have another name are "
                        + Self.renamable.joined(separator: ", ") + ".")
            }
        }
        var seen = Set(Self.registered)
        for theirs in all.dropLast(Self.registered.count) where !seen.insert(theirs).inserted {
            throw TokenSetupError("tokens.claims: two claims cannot both be called \(theirs).")
        }
    }
}
