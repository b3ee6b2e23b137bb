import Chat
import ChatProtocol
import Testing
import Time

@testable import TokensJWT

@Suite("design: what a token claims, read strictly")
struct TokenClaimsTests {
    private func caller(
        _ claims: String, _ changes: [String: String] = [:], at moment: WallTime = now
    ) throws(TokenRefusal) -> Caller {
        try TokenClaims(Array(claims.utf8), names(changes)).caller(at: moment)
    }

    private func names(_ changes: [String: String]) -> ClaimNames {
        guard let names = try? ClaimNames(changes) else { preconditionFailure("the names are good") }
        return names
    }

    @Test("user, tenant, name, expiry and grants arrive; unknown claims do not matter")
    func reads() throws {
        let caller = try caller(
            #"{"iss":"x","sub":"ada","tenant":"acme-1","name":"Ada L.","exp":1800000060.5,"nbf":1700000000,"#
                + #""jti":"1","aud":["a"],"#
                + #""rooms":[{"match":"support:*","can":["join","history"]},{"match":"hall"}]}"#)
        #expect(caller.tenant.description == "acme-1" && caller.user.description == "ada")
        #expect(caller.name == "Ada L." && caller.expiresAt == WallTime(milliseconds: 1_800_000_060_500))
        let (support, hall) = (try RoomName("support:7"), try RoomName("hall"))
        #expect(
            caller.grants.allow([.join, .history], in: support) && !caller.grants.allow(.publish, in: support)
        )
        #expect(caller.grants.allow([.join, .publish, .history, .presence], in: hall))
        #expect(!caller.grants.allow(.moderate, in: hall))
        #expect(!caller.grants.allow(.join, in: try RoomName("other")))
    }

    @Test("without tenant it is default, without rooms nothing is granted")
    func hasFallbacks() throws {
        let caller = try caller(goodClaims())
        #expect(caller.tenant == .default && caller.name == nil)
        #expect(!caller.grants.allow(.join, in: try RoomName("hall")))
        #expect(
            try !self.caller(goodClaims(#""rooms":[{"match":"*","can":[]}]"#)).grants.allow(
                .join, in: RoomName("a")))
    }

    @Test("moderate is granted where it is named")
    func moderates() throws {
        let caller = try caller(goodClaims(#""rooms":[{"match":"*","can":["moderate"]}]"#))
        #expect(caller.grants.allow(.moderate, in: try RoomName("hall")))
    }

    @Test("foreign names are read, and then ours mean nothing")
    func renames() throws {
        let changes = ["user": "userId", "tenant": "https://example.org/tenant", "name": "n", "rooms": "r"]
        let caller = try caller(
            #"{"sub":"x","userId":"ada","tenant":"","https://example.org/tenant":"acme","name":7,"n":"Ada","#
                + #""exp":1800000060,"rooms":7,"r":[{"match":"hall"}]}"#, changes)
        #expect(
            caller.user.description == "ada" && caller.tenant.description == "acme" && caller.name == "Ada")
        #expect(caller.grants.allow(.join, in: try RoomName("hall")))
    }

    @Test("where the operator said what the tenant is called, every token names one")
    func asksForTenants() throws {
        for changes in [["tenant": "org"], ["tenant": "tenant"]] {
            let name = try #require(changes["tenant"])
            let says = sentence { try caller(goodClaims(#""Org":"acme""#), changes) }
            #expect(
                says == "The token has no \(name), which says whose user it is: have it issued with one.")
            #expect(try caller(goodClaims(#""\#(name)":"acme""#), changes).tenant.description == "acme")
        }
        #expect(try caller(goodClaims(), ["user": "sub"]).tenant == .default)
    }

    @Test("exp: 30 s of leeway, then expired by so many seconds")
    func expires() throws {
        let claims = #"{"sub":"a","exp":1800000000}"#
        func says(_ late: Int64) -> String? {
            sentence { try caller(claims, at: WallTime(milliseconds: 1_800_000_000_000 + late)) }
        }
        #expect(says(0) == nil && says(29_999) == nil)
        #expect(says(30_000) == "The token expired 30 s ago: ask for a new one.")
        #expect(says(3_600_000)?.contains("3600 s ago") == true)
    }

    @Test("nbf: 30 s of leeway before, then not yet for so many seconds")
    func begins() throws {
        let claims = #"{"sub":"a","exp":1900000000,"nbf":1800000000}"#
        func says(_ early: Int64) -> String? {
            sentence { try caller(claims, at: WallTime(milliseconds: 1_800_000_000_000 - early)) }
        }
        #expect(says(0) == nil && says(30_000) == nil)
        #expect(says(30_001)?.contains("not valid before 31 s from now") == true)
    }

    @Test(
        "what is missing, of a wrong type or form is refused with the claim's name",
        arguments: [
            (#"{"sub":"a"}"#, "no exp"), (#"{"exp":1800000060}"#, "no sub"), ("{}", "no exp"),
            (#"{"sub":"a","exp":"1800000060"}"#, "exp must be a number"),
            (#"{"sub":"a","exp":null}"#, "exp must be a number"),
            (#"{"sub":"a","exp":1800000060000}"#, "exp must be seconds since 1970, not milliseconds"),
            (#"{"sub":"a","exp":-1}"#, "exp must be seconds"),
            (#"{"sub":"a","exp":1e999}"#, "exp must be seconds"),
            (#"{"sub":"a","exp":1800000060,"nbf":true}"#, "nbf must be a number"),
            (goodClaims(#""tenant":"""#), "tenant is no tenant's name"),
            (goodClaims(#""tenant":"Acme""#), "tenant is no tenant's name"),
            (goodClaims(#""tenant":"a/b""#), "tenant is no tenant's name"),
            (goodClaims(#""tenant":"\#(String(repeating: "a", count: 64))""#), "tenant is no tenant's name"),
            (goodClaims(#""tenant":null"#), "tenant must be a string"),
            (goodClaims(#""tenant":["a"]"#), "tenant must be"),
            (#"{"sub":"","exp":1800000060}"#, "sub is no user's name"),
            (#"{"sub":7,"exp":1800000060}"#, "sub must be a string"),
            (#"{"sub":"a\nb","exp":1800000060}"#, "sub is no user's name"),
            (#"{"sub":"\#(String(repeating: "a", count: 129))","exp":1}"#, "sub is no user's name"),
            (#"{"sub":"a\u0000","exp":1800000060}"#, "U+0000"),
            (#"{"sub":"\ud800","exp":1800000060}"#, "surrogate"),
            (goodClaims(#""name":"a\tb""#), "name is longer than 128 bytes, or has control characters"),
            (goodClaims(#""name":7"#), "name must be a string"),
            (goodClaims(#""sub":"bob""#), "sub stands there twice"),
            (goodClaims(#""exp":1"#), "exp stands there twice"),
            (goodClaims(#""s\u0075b":"bob""#), "sub stands there twice"),
            (goodClaims(#""tenant":"a","tenant":"b""#), "tenant stands there twice"),
            (goodClaims(#""rooms":[],"rooms":[{"match":"*"}]"#), "rooms stands there twice"),
            ("", "is not JSON"), ("[]", "must be an object"), ("null", "must be an object"),
            ("{}{}", "is not JSON"),
            (goodClaims() + "x", "is not JSON"), (String(goodClaims().dropLast()), "is not JSON"),
        ])
    func refuses(_ claims: String, _ says: String) {
        let said = sentence { try caller(claims) }
        #expect(said?.contains(says) == true, "\(said ?? "accepted")")
    }

    @Test(
        "a grant is match and can and nothing else; verbs are known ones",
        arguments: [
            ("7", "must be an array"), (#"{"match":"*"}"#, "must be an array"), ("[7]", "must be an object"),
            ("[{}]", "without match"), (#"[{"can":["join"]}]"#, "without match"),
            (#"[{"match":""}]"#, "match that is not 1"),
            (#"[{"match":7}]"#, "must be a string"), (#"[{"match":"a","can":"join"}]"#, "must be an array"),
            (#"[{"match":"a","can":["join","fly"]}]"#, "none of join, publish, history, presence, moderate"),
            (#"[{"match":"a","can":["JOIN"]}]"#, "none of"),
            (#"[{"match":"a","can":[1]}]"#, "must be a string"),
            (#"[{"match":"a","cam":["join"]}]"#, "more in it than match and can"),
            (#"[{"match":"a","match":"*"}]"#, "twice"),
            (#"[{"match":"a","can":["join"],"can":["publish"]}]"#, "twice"),
            (#"[{"match":"\#(String(repeating: "a", count: 201))"}]"#, "match that is not 1"),
        ])
    func refusesGrants(_ rooms: String, _ says: String) {
        let said = sentence { try caller(goodClaims(#""rooms":\#(rooms)"#)) }
        #expect(said?.contains("rooms") == true && said?.contains(says) == true, "\(said ?? "accepted")")
    }

    @Test("a hundred grants, and not one more")
    func isBounded() throws {
        func rooms(_ count: Int) -> String {
            goodClaims(
                #""rooms":[\#(Array(repeating: #"{"match":"a"}"#, count: count).joined(separator: ","))]"#)
        }
        _ = try caller(rooms(100))
        #expect(sentence { try caller(rooms(101)) }?.contains("more than 100 lines") == true)
    }
}
