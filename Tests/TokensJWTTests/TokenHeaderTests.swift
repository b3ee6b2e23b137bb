import Chat
import Testing

@testable import TokensJWT

@Suite("RFC 7515 §4: a token's header says alg, perhaps kid, and nothing critical")
struct TokenHeaderTests {
    private func refusal(_ json: String) -> String? {
        sentence { try TokenHeader(Array(json.utf8)) }
    }

    @Test("alg and kid are read, the rest is passed over")
    func reads() throws {
        let header = try TokenHeader(
            Array(#"{"typ":"JWT","x":{"alg":1},"\u0061lg":"ES256","kid":"k1"}"#.utf8))
        #expect(header.algorithm == .es256 && header.keyID == "k1")
        #expect(try TokenHeader(Array(#"{"alg":"RS256"}"#.utf8)).keyID == nil)
    }

    @Test(
        "an algorithm that is not ours is none, none of all",
        arguments: [
            "none", "None", "NONE", "nOnE", "", "HS384", "HS512", "RS512", "PS256", "ES384", "hs256",
            "HS256 ",
        ])
    func knowsFour(_ name: String) throws {
        #expect(try TokenHeader(Array(#"{"alg":"\#(name)"}"#.utf8)).algorithm == nil)
    }

    @Test(
        "what is no header is refused",
        arguments: [
            ("", "is not JSON"), ("[]", "must be an object"), ("{}", "has no alg"),
            (#"{"alg":1}"#, "must be a string"),
            (#"{"alg":null}"#, "must be a string"), (#"{"alg":"HS256","kid":7}"#, "must be a string"),
            (#"{"alg":"HS256","alg":"none"}"#, "twice"), (#"{"alg":"HS256","kid":"a","kid":"b"}"#, "twice"),
            (#"{"alg":"HS256","crit":["exp"]}"#, "crit"), (#"{"alg":"HS256"}}"#, "is not JSON"),
            (#"{"alg":"HS256"#, "is not JSON"), (#"{'alg':'HS256'}"#, "is not JSON"),
            (#"{"alg":"HS256","a":"\ud800"}"#, "surrogate"),
        ])
    func refuses(_ json: String, _ says: String) {
        let sentence = refusal(json)
        #expect(sentence?.contains(says) == true, "\(sentence ?? "accepted")")
    }

    @Test("bytes that are no UTF-8 are refused")
    func refusesBytes() {
        let bytes = Array(#"{"alg":""#.utf8) + [0xFF] + Array(#""}"#.utf8)
        #expect(sentence { try TokenHeader(bytes) }?.contains("is not JSON") == true)
    }
}
