import Testing
import WebSocket

@Suite("RFC 7692 §7.1 agreement")
struct DeflateParametersTests {
    static let keeping = {
        var policy = DeflatePolicy()
        policy.keepsContext = true
        return policy
    }()

    static let small = {
        var policy = keeping
        policy.windowBits = 11
        return policy
    }()

    func answer(_ lines: String..., by policy: DeflatePolicy) throws -> String? {
        let offers = lines.flatMap { extensions($0) ?? [] }
        return DeflateParameters(choosingFrom: offers, by: policy)?.text
    }

    @Test("without context takeover nobody keeps anything, whatever the client offers")
    func forgets() throws {
        let answer = try answer("permessage-deflate; client_max_window_bits", by: DeflatePolicy())
        #expect(answer == "permessage-deflate; server_no_context_takeover; client_no_context_takeover")
    }

    @Test(
        "with it each offer gets what it asks for, within the policy's window",
        arguments: [
            ("permessage-deflate", "server_max_window_bits=11"),
            (
                "permessage-deflate; server_no_context_takeover",
                "server_no_context_takeover; server_max_window_bits=11"
            ),
            (
                "permessage-deflate; client_no_context_takeover",
                "client_no_context_takeover; server_max_window_bits=11"
            ),
            (
                "permessage-deflate; client_max_window_bits",
                "server_max_window_bits=11; client_max_window_bits=11"
            ),
            (
                "permessage-deflate; client_max_window_bits=8; server_max_window_bits=9",
                "server_max_window_bits=9; client_max_window_bits=8"
            ),
            (
                "permessage-deflate; client_max_window_bits=12; server_max_window_bits=12",
                "server_max_window_bits=11; client_max_window_bits=11"
            ),
        ])
    func keeps(offer: String, expected: String) throws {
        #expect(try answer(offer, by: Self.small) == "permessage-deflate; " + expected)
    }

    @Test("a window of 15 bits is named where the offer had a number for it")
    func namesFullWindow() throws {
        let offer = "permessage-deflate; server_max_window_bits=15; client_max_window_bits=15"
        #expect(try answer(offer, by: Self.keeping) == offer)
        #expect(try answer("permessage-deflate", by: Self.keeping) == "permessage-deflate")
    }

    @Test("the first offer that can be taken is, over all lines; a window of 8 bits for us cannot")
    func choosesFirst() throws {
        let answer = try answer(
            "foo, permessage-deflate; server_max_window_bits=8, permessage-deflate; bar",
            "permessage-deflate; server_max_window_bits=10, permessage-deflate", by: Self.keeping)
        #expect(answer == "permessage-deflate; server_max_window_bits=10")
        #expect(
            try self.answer("permessage-deflate; server_max_window_bits=8, foo", by: Self.keeping) == nil)
    }

    @Test("a client takes what it offered or less")
    func takesAnswer() throws {
        var offer = DeflateOffer()
        offer.clientWindow = .adjustable
        let member = try #require(
            extensions("permessage-deflate; server_no_context_takeover; client_max_window_bits=10")?.first)
        let taken = try #require(DeflateParameters(answer: member, to: offer))
        #expect(taken.serverForgets && !taken.clientForgets)
        #expect(taken.serverWindowBits == 15 && taken.clientWindowBits == 10)
        offer.clientWindow = .atMost(10)
        #expect(DeflateParameters(answer: member, to: offer) == taken)
    }

    @Test(
        "an answer to something else fails the connection",
        arguments: [
            ("permessage-deflate; client_max_window_bits=10", "permessage-deflate"),
            ("permessage-deflate; client_max_window_bits", "permessage-deflate; client_max_window_bits"),
            ("permessage-deflate; client_max_window_bits=8", "permessage-deflate; client_max_window_bits"),
            (
                "permessage-deflate; client_max_window_bits=11",
                "permessage-deflate; client_max_window_bits=10"
            ),
            ("permessage-deflate", "permessage-deflate; server_no_context_takeover"),
            ("permessage-deflate", "permessage-deflate; server_max_window_bits=10"),
            (
                "permessage-deflate; server_max_window_bits=11",
                "permessage-deflate; server_max_window_bits=10"
            ),
            ("permessage-deflate; foo", "permessage-deflate"),
            ("permessage-bzip2", "permessage-deflate"),
        ])
    func refusesAnswer(answer: String, offer: String) throws {
        let offered = try #require(extensions(offer)?.first.flatMap { DeflateOffer($0) })
        let answered = try #require(extensions(answer)?.first)
        #expect(DeflateParameters(answer: answered, to: offered) == nil)
    }
}
