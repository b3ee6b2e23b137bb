import HTTP1
import Testing

@Suite("RFC 9110 §5 fields")
struct HTTPFieldsTests {
    let fields: HTTPFields = ["Accept": "a, b", "X": "1", "accept": " ,c,, d\t"]

    @Test("names have no case, and the first of a name is found")
    func findsIgnoringCase() {
        #expect(fields["ACCEPT"] == "a, b")
        #expect(fields["x"] == "1")
        #expect(fields["Accep"] == nil)
        #expect(fields.values(of: "Accept").count == 2)
    }

    @Test("only letters have case: @ is not `, [ is not {")
    func foldsLettersOnly() {
        #expect(!"@".equalsIgnoringCase("`"))
        #expect(!"[".equalsIgnoringCase("{"))
        #expect("aZ".equalsIgnoringCase("Az"))
    }

    @Test("a list joins its lines, trims its members and leaves out empty ones (§5.6.1)")
    func joinsLists() {
        #expect(fields.list("Accept") == ["a", "b", "c", "d"])
        #expect(fields.list("Accept", contains: "D"))
        #expect(!fields.list("Accept", contains: "a, b"))
        #expect(fields.list("Nothing").isEmpty)
    }
}
