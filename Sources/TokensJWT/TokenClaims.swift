import Chat
import ChatProtocol
import Time

/// The claims of a token that Parley knows, read strictly: each at most once, each of its type. Others are
/// passed over.
struct TokenClaims {
    private var user: UserID?
    private var tenant: TenantID?
    private var name: String?
    private var grants: [Grant]?
    private var expiresAt: WallTime?
    private var notBefore: WallTime?
    private let names: ClaimNames

    /// How far the issuer's clock may differ from ours, in milliseconds.
    static let leewayMs: Int64 = 30_000
    /// The most lines in `rooms`.
    static let grantLimit = 100
    /// Times are below this, in seconds since 1970: 32 thousand years, and too little for milliseconds.
    private static let timeLimit = 1e12

    /// Reads the claims' JSON.
    init(_ claims: [UInt8], _ names: ClaimNames) throws(TokenRefusal) {
        self.names = names
        var json = TokenJSON(claims)
        var claim: String?
        do {
            try json.beginObject()
            while let name = try json.nextName() {
                claim = name
                try read(name, &json)
                claim = nil
            }
            try json.end()
        } catch {
            // Names that are not ours may be anything, and what is not ours is only passed over.
            let ours = claim.flatMap { names.all.contains($0) ? $0 : nil } ?? "content"
            throw .refused("The token's \(ours) \(error.sentence): have it issued anew.")
        }
    }

    /// Whose token it is, if it is in force at `now`.
    func caller(at now: WallTime) throws(TokenRefusal) -> Caller {
        guard let expiresAt else {
            throw .refused("The token has no exp: this server takes none that never ends.")
        }
        let late = now.milliseconds - expiresAt.milliseconds
        guard late < Self.leewayMs else {
            throw .refused("The token expired \(late / 1_000) s ago: ask for a new one.")
        }
        let early = (notBefore?.milliseconds ?? 0) - now.milliseconds
        guard early <= Self.leewayMs else {
            throw .refused(
                "The token is not valid before \((early + 999) / 1_000) s from now: wait, or ask "
                    + "for another.")
        }
        guard let user else {
            throw .refused("The token has no \(names.user), which says whose it is: have it issued with one.")
        }
        guard tenant != nil || !names.isTenantRequired else {
            throw .refused(
                "The token has no \(names.tenant), which says whose user it is: have it issued with one.")
        }
        return Caller(
            tenant: tenant ?? .default, user: user, name: name, grants: Grants(grants ?? []),
            expiresAt: expiresAt)
    }

    // MARK: JSON

    private mutating func read(_ claim: String, _ json: inout TokenJSON) throws(TokenJSONFault) {
        switch claim {
        case names.user:
            try Self.refuse(twice: user)
            user = try Self.user(&json)
        case names.tenant:
            try Self.refuse(twice: tenant)
            tenant = try Self.tenant(&json)
        case names.name:
            try Self.refuse(twice: name)
            name = try Self.name(&json)
        case names.rooms:
            try Self.refuse(twice: grants)
            grants = try Self.grants(&json)
        case "exp":
            try Self.refuse(twice: expiresAt)
            expiresAt = try Self.time(&json)
        case "nbf":
            try Self.refuse(twice: notBefore)
            notBefore = try Self.time(&json)
        default: try json.skip()
        }
    }

    /// RFC 7519 §4: a claim stands once.
    private static func refuse(twice value: Any?) throws(TokenJSONFault) {
        if value != nil { throw TokenJSONFault("stands there twice") }
    }

    private static func user(_ json: inout TokenJSON) throws(TokenJSONFault) -> UserID {
        let utf8 = try json.utf8()
        do { return try UserID(utf8) } catch { throw TokenJSONFault("is no user's name: \(error)") }
    }

    private static func tenant(_ json: inout TokenJSON) throws(TokenJSONFault) -> TenantID {
        let text = try json.string()
        do { return try TenantID(text) } catch { throw TokenJSONFault("is no tenant's name: \(error)") }
    }

    /// Under the rule that `connect` has for names: at most 128 bytes, no control characters.
    private static func name(_ json: inout TokenJSON) throws(TokenJSONFault) -> String {
        let utf8 = try json.utf8()
        // A user's identifier is bound by the same rule, except that it is not empty.
        guard utf8.isEmpty || (try? UserID(utf8)) != nil else {
            throw TokenJSONFault("is longer than \(UserID.byteLimit) bytes, or has control characters")
        }
        return String(decoding: utf8, as: UTF8.self)
    }

    /// A NumericDate (RFC 7519 §2): seconds since 1970, perhaps with a fraction.
    private static func time(_ json: inout TokenJSON) throws(TokenJSONFault) -> WallTime {
        let seconds = try json.number()
        guard seconds >= 0, seconds < timeLimit else {
            throw TokenJSONFault("must be seconds since 1970, not milliseconds")
        }
        return WallTime(milliseconds: Int64(seconds * 1_000))
    }
}

// Grants.
extension TokenClaims {
    private static func grants(_ json: inout TokenJSON) throws(TokenJSONFault) -> [Grant] {
        var grants: [Grant] = []
        try json.beginArray()
        while try json.nextElement() {
            guard grants.count < grantLimit else {
                throw TokenJSONFault("has more than \(grantLimit) lines; use * in match to have fewer")
            }
            grants.append(try grant(&json))
        }
        return grants
    }

    /// `{"match":"support:*","can":["join"]}`. A misspelt `can` would grant more than was meant, so nothing
    /// else may stand there.
    private static func grant(_ json: inout TokenJSON) throws(TokenJSONFault) -> Grant {
        var match: RoomPattern?
        var can: RoomVerbs?
        try json.beginObject()
        while let name = try json.nextName() {
            switch name {
            case "match":
                try refuse(twice: match)
                match = RoomPattern(try json.string())
                if match == nil {
                    throw TokenJSONFault("has a match that is not 1 to \(RoomPattern.longest) bytes long")
                }
            case "can":
                try refuse(twice: can)
                can = try verbs(&json)
            default: throw TokenJSONFault("has a line with more in it than match and can")
            }
        }
        guard let match else { throw TokenJSONFault("has a line without match") }
        return Grant(match: match, can: can ?? .unlessSaid)
    }

    private static func verbs(_ json: inout TokenJSON) throws(TokenJSONFault) -> RoomVerbs {
        var verbs: RoomVerbs = []
        try json.beginArray()
        while try json.nextElement() {
            guard let verb = RoomVerbs(named: try json.string()) else {
                throw TokenJSONFault("has a verb in can that is none of \(RoomVerbs.list)")
            }
            verbs.formUnion(verb)
        }
        return verbs
    }
}
