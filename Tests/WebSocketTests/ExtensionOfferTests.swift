import HTTP1
import Testing

@testable import WebSocket

/// What `Sec-WebSocket-Extensions` lines say; nil if they are malformed.
func extensions(_ lines: String...) -> [ExtensionOffer]? {
    var fields = HTTPFields()
    for line in lines { fields.append("Sec-WebSocket-Extensions", line) }
    return ExtensionOffer.list(in: fields)
}

@Suite("RFC 6455 §9.1 extension lists")
struct ExtensionOfferTests {
    @Test("members of several lines follow each other, with their parameters")
    func readsMembers() throws {
        let members = try #require(extensions(#"foo; a=1;b ,bar;c = "2""#, " foo\t;a"))
        #expect(members.map(\.name) == ["foo", "bar", "foo"])
        #expect(members[0].parameters == [.init(name: "a", value: "1"), .init(name: "b", value: nil)])
        #expect(members[1].parameters == [.init(name: "c", value: "2")])
        #expect(members[2].parameters == [.init(name: "a", value: nil)])
    }

    @Test("a quoted value is what it quotes, commas and semicolons being no tokens")
    func unquotes() {
        #expect(extensions(#"foo; a="1\0""#)?[0].parameters == [.init(name: "a", value: "10")])
    }

    @Test("empty members are passed over, and no line is no member")
    func passesEmptyMembers() {
        #expect(extensions()?.isEmpty == true)
        #expect(extensions("")?.isEmpty == true)
        #expect(extensions(", foo,,bar ,")?.map(\.name) == ["foo", "bar"])
    }

    @Test(
        "what is no list is refused whole",
        arguments: [
            "foo bar", "foo;", "foo; =1", "foo; a=", "foo; a=1 2", #"foo; a="1"#, #"foo; a="1\"#,
            #"foo; a="""#, #"foo; a="1,2""#, #"foo; a="1"b"#, ";a", "=", "foo; a==1", "f/oo", "fö",
            #""foo""#, "foo;;a", "foo; a b",
        ])
    func refuses(_ line: String) {
        #expect(extensions(line) == nil)
        #expect(extensions("permessage-deflate", line) == nil)
    }
}
