import Testing

@testable import JSON

@Suite("Names of members")
struct JSONKeyTests {
    private func key(_ name: String) throws -> JSONKey? {
        var reader = JSONReader()
        let bytes = Array("{\(name):1}".utf8)
        try reader.beginObject(in: bytes.span)
        return try reader.nextKey(in: bytes.span)
    }

    @Test("a name equals its literal, also when it is escaped")
    func equalsLiteral() throws {
        #expect(try key(#""id""#) == "id")
        #expect(try key(#""\u0069d""#) == "id")
        #expect(try key(#""clientId""#) == "clientId")
        #expect(try key(#""0123456789abcdef""#) == "0123456789abcdef")
        #expect(try key(#""é""#) == "é")
    }

    @Test("a name equals no other literal, and a long or empty one none at all")
    func equalsNothingElse() throws {
        #expect(try key(#""id""#) != "Id")
        #expect(try key(#""id""#) != "di")
        #expect(try key(#""id""#) != "i")
        #expect(try key(#""id ""#) != "id")
        #expect(try key(#""0123456789abcdefg""#) != "0123456789abcdef")
        #expect(try key(#""x0123456789abcdef""#) != "0123456789abcdef")
        #expect(try key(#""""#) != "id")
    }

    @Test("a name's range is where it stands, with quotes")
    func tellsRange() throws {
        #expect(try key(#"  "id""#)?.range == 3..<7)
        #expect(try key(#""\u0069d""#)?.range == 1..<10)
    }
}
