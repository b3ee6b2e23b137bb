import ChatProtocol
import Testing

@testable import Chat

@Suite("Grants: which rooms a pattern means, and what several allow together")
struct GrantsTests {
    private func matches(_ pattern: String, _ room: RoomName) -> Bool {
        RoomPattern(pattern)?.matches(room) ?? false
    }

    @Test("without a star a pattern is one room, byte for byte")
    func exact() {
        #expect(matches("support:42", "support:42"))
        #expect(!matches("support:42", "support:421") && !matches("support:42", "support:4"))
        #expect(!matches("support:42", "Support:42"))
        // Composed and decomposed é are two rooms.
        #expect(!matches("caf\u{E9}", "cafe\u{301}"))
        #expect(RoomPattern("support:42")?.exact == "support:42" && RoomPattern("support:*")?.exact == nil)
        #expect(RoomPattern(" outer space ")?.exact == nil)
    }

    @Test("a star is any run of bytes, also none, also several of them, also inside a character")
    func stars() {
        #expect(matches("*", "a") && matches("**", "a") && matches("a*", "a") && matches("*a", "a"))
        #expect(matches("support:*", "support:42:x") && matches("support:*", "support:"))
        #expect(!matches("support:*", "support") && !matches("*:42", "support:421"))
        #expect(matches("a*b*c", "abc") && matches("a*b*c", "a1b2b3c") && !matches("a*b*c", "acb"))
        #expect(matches("*b*", "abc") && !matches("*d*", "abc"))
        #expect(matches("*é", "caf\u{E9}"))
    }

    @Test("the ends of a pattern do not share bytes, and no part is found twice in the same place")
    func overlap() {
        #expect(!matches("ab*ba", "aba") && matches("ab*ba", "abba"))
        #expect(!matches("a*a", "a") && !matches("*aa*aa*", "aaa") && matches("*aa*aa*", "aaaa"))
        #expect(!matches("*abc*bcd", "abcd"))
    }

    @Test("nothing else is special: no dot, no question mark, no bracket, no backslash")
    func plain() {
        #expect(
            !matches("a.c", "abc") && !matches("a?c", "abc") && !matches("[ab]", "a") && matches("a.*", "a.b")
        )
        #expect(!matches("a\\*", "ab") && matches("a\\*", "a\\b"))
    }

    @Test("a pattern is 1 to 200 bytes")
    func bounds() {
        #expect(RoomPattern("") == nil && RoomPattern(String(repeating: "*", count: 201)) == nil)
        #expect(RoomPattern(String(repeating: "*", count: 200)) != nil)
    }

    @Test("it agrees with trying every possibility, on all short patterns and names")
    func agreesWithBruteForce() {
        func slow(_ pattern: ArraySlice<Character>, _ name: ArraySlice<Character>) -> Bool {
            guard let first = pattern.first else { return name.isEmpty }
            if first == "*" {
                return slow(pattern.dropFirst(), name) || (!name.isEmpty && slow(pattern, name.dropFirst()))
            }
            return name.first == first && slow(pattern.dropFirst(), name.dropFirst())
        }
        func words(_ letters: [Character], _ length: Int) -> [[Character]] {
            (0..<length).reduce([[]]) { words, _ in
                words + words.flatMap { word in letters.map { word + [$0] } }
            }
        }
        let names = Set(words(["a", "b"], 4)).filter { !$0.isEmpty }
        for pattern in Set(words(["a", "b", "*"], 4)) where !pattern.isEmpty {
            for name in names {
                let expected = slow(pattern[...], name[...])
                #expect(matches(String(pattern), RoomName(stringLiteral: String(name))) == expected)
            }
        }
    }

    @Test("patterns that ruin a backtracking matcher cost no more than others", .timeLimit(.minutes(1)))
    func hardPatterns() {
        let name = RoomName(stringLiteral: String(repeating: "a", count: 199) + "c")
        let patterns = [
            String(repeating: "a*", count: 99) + "b", String(repeating: "*a", count: 99) + "*b",
            String(repeating: "*", count: 199) + "b", "*" + String(repeating: "a", count: 100) + "b*",
        ]
        for pattern in patterns {
            for _ in 0..<100 { #expect(!matches(pattern, name)) }
        }
    }

    @Test("grants add up, room by room; what none gives is not allowed")
    func addUp() throws {
        let grants = Grants([
            Grant(match: try #require(RoomPattern("support:*")), can: [.join]),
            Grant(match: try #require(RoomPattern("*:42")), can: [.publish, .history]),
            Grant(match: try #require(RoomPattern("hall")), can: [.join, .presence]),
        ])
        #expect(grants.allow([.join, .publish, .history], in: "support:42"))
        #expect(
            !grants.allow(.presence, in: "support:42") && !grants.allow([.join, .presence], in: "support:42"))
        #expect(grants.allow(.join, in: "support:1") && !grants.allow(.publish, in: "support:1"))
        #expect(!grants.allow(.join, in: "elsewhere") && !Grants([]).allow(.join, in: "hall"))
        #expect(grants.exactRooms(allowing: .join) == ["hall"] && grants.exactRooms(allowing: .publish) == [])
    }

    @Test("in development mode everything is allowed everywhere")
    func everything() {
        #expect(
            Grants.everything.allow(.everything, in: "any")
                && Grants.everything.exactRooms(allowing: .join) == [])
        #expect(RoomVerbs.named.reduce(RoomVerbs()) { $0.union($1.verb) } == .everything)
    }
}
