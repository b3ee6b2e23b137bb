import Testing

@testable import ChatProtocol

@Suite("Names and identifiers")
struct IdentifiersTests {
    private func sentence(_ make: () throws -> Void) -> String? {
        do {
            try make()
            return nil
        } catch { return "\(error)" }
    }

    @Test(
        "a room's name is 1 to 200 bytes of UTF-8, and what is in it does not matter beyond the rules",
        arguments: [
            "a", "General talk", "$users", "räume/日本 🎈", "a\u{A0}", "\u{A0}",
            String(repeating: "x", count: 200), String(repeating: "é", count: 100),
        ])
    func roomNames(_ text: String) throws {
        let room = try RoomName(text)
        #expect(room.description == text && room.utf8 == Array(text.utf8))
        #expect(room.isReserved == text.hasPrefix("$"))
    }

    @Test(
        "a room's name that is empty, long, or not to be read is refused by a sentence that says why",
        arguments: [
            ("", "empty"), (String(repeating: "x", count: 201), "200 bytes"),
            (String(repeating: "é", count: 100) + "x", "200 bytes"), (" a", "space"), ("a ", "space"),
            ("a\nb", "control"), ("a\u{7F}", "control"), ("a\u{80}", "control"), ("a\u{9F}b", "control"),
            ("\0", "control"), ("a*", "*"),
        ])
    func refusedRoomNames(_ text: String, _ word: String) {
        #expect(sentence { _ = try RoomName(text) }?.contains(word) == true)
    }

    @Test("names are compared byte for byte: what only looks the same is another room, another user")
    func bytewise() throws {
        let (composed, decomposed) = ("é", "e\u{301}")
        #expect(composed == decomposed)
        #expect(try RoomName(composed) != RoomName(decomposed))
        #expect(try UserID(composed) != UserID(decomposed))
        #expect(try RoomName("z") < RoomName("é") && RoomName("a") < RoomName("ab"))
        #expect(try UserID("z") < UserID("é") && UserID("a") < UserID("ab"))
    }

    @Test("a user is 1 to 128 bytes without control characters; spaces and stars are theirs to use")
    func users() throws {
        for text in [" ", "*", "ann@example.org", String(repeating: "x", count: 128)] {
            #expect(try UserID(text).description == text)
        }
        for text in ["", String(repeating: "x", count: 129), "a\tb", "a\u{85}"] {
            #expect(sentence { _ = try UserID(text) }?.hasPrefix("a user ") == true)
        }
    }

    @Test("a clientId is 1 to 64 visible ASCII characters")
    func clientIDs() throws {
        let allowed = String(decoding: Array(UInt8(0x21)...0x60), as: UTF8.self)
        #expect(try ClientID(allowed).description == allowed)
        for text in ["", allowed + "x", "a b", "a\u{7F}", "é", "a\n"] {
            #expect(sentence { _ = try ClientID(text) }?.contains("1 to 64") == true)
        }
    }

    @Test("a tenant is 1 to 63 of a-z, 0-9 and the dash")
    func tenants() throws {
        for text in ["a", "default", "0-9", String(repeating: "z", count: 63)] {
            #expect(try TenantID(text).description == text)
        }
        #expect(try TenantID("default") == .default)
        for text in ["", String(repeating: "z", count: 64), "A", "a_b", "a.b", "é", "`", "{", "/", ":"] {
            #expect(sentence { _ = try TenantID(text) }?.contains("1 to 63") == true)
        }
    }
}
