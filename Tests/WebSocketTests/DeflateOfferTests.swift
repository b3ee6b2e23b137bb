import Testing
import WebSocket

@Suite("RFC 7692 §7.1 offers")
struct DeflateOfferTests {
    func offer(_ text: String) throws -> DeflateOffer? {
        DeflateOffer(try #require(extensions(text)?.first))
    }

    @Test("all four parameters are read, quoted or not")
    func readsParameters() throws {
        let plain = try #require(try offer("permessage-deflate"))
        #expect(plain == DeflateOffer())
        let text = """
            permessage-deflate; client_max_window_bits="8"; server_no_context_takeover; \
            server_max_window_bits=15; client_no_context_takeover
            """
        let full = try #require(try offer(text))
        #expect(full.serverForgets && full.clientForgets && full.serverWindowBits == 15)
        #expect(full.clientWindow == .atMost(8))
        #expect(try offer("permessage-deflate; client_max_window_bits")?.clientWindow == .adjustable)
    }

    @Test(
        "what is unknown, doubled or out of range is declined",
        arguments: [
            "x-webkit-deflate-frame", "permessage-deflate; foo", "permessage-deflate; foo=1",
            "permessage-deflate; server_no_context_takeover=1",
            "permessage-deflate; client_no_context_takeover=true",
            "permessage-deflate; server_max_window_bits", "permessage-deflate; server_max_window_bits=7",
            "permessage-deflate; server_max_window_bits=16", "permessage-deflate; server_max_window_bits=010",
            "permessage-deflate; server_max_window_bits=09", "permessage-deflate; client_max_window_bits=7",
            "permessage-deflate; client_max_window_bits=+9", "permessage-deflate; client_max_window_bits=1e1",
            "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
            "permessage-deflate; client_max_window_bits=10; client_max_window_bits=10",
            "permessage-deflate; Server_No_Context_Takeover",
        ])
    func declines(_ text: String) throws {
        #expect(try offer(text) == nil)
    }

    @Test("what is written reads as what it was")
    func goesRound() throws {
        for window in [DeflateOffer.ClientWindow.fixed, .adjustable, .atMost(11)] {
            for bits in [nil, 9, 15] {
                var given = DeflateOffer()
                given.serverForgets = bits == 9
                given.clientForgets = window == .adjustable
                given.serverWindowBits = bits
                given.clientWindow = window
                #expect(try offer(given.text) == given)
            }
        }
    }
}
