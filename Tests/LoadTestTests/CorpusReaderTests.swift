import Testing

@testable import LoadTest

@Suite("Files of conversations")
struct CorpusReaderTests {
    private func read(_ text: String) throws(CorpusError) -> Corpus {
        var corpus = Corpus()
        let bytes = Array(text.utf8)
        try CorpusReader.read(bytes.span, file: "talk.jsonl", into: &corpus)
        return corpus
    }

    @Test("rooms, talkers and messages keep the order of the file; blank lines are passed")
    func order() throws {
        let corpus = try read(
            """
            {"room":"a","sender":"ada","text":"1"}

            {"room":"b","sender":"ada","text":"2","extra":[1]}
            {"sender":"bob","text":"3","room":"a"}
            {"room":"a","sender":"ada","text":"4"}\r
            """)
        #expect(corpus.rooms.map(\.name) == ["a", "b"])
        #expect(corpus.rooms[0].talkers.map(\.user) == ["ada", "bob"])
        #expect(corpus.rooms[0].talkers[0].messages == [0, 3])
        #expect(corpus.rooms[0].talkers[1].messages == [2])
        #expect(corpus.messages[3].body == Array(#"{"text":"4"}"#.utf8))
    }

    @Test(
        "a body passes byte for byte, spaces and escapes too",
        arguments: [
            #"{"text" : "é\ud83d\ude00\/" }"#, "null", "-0", "1e400", #""\u2028""#, "[ ]",
            "{\"a\":1,\"a\":2}",
        ])
    func bytes(_ body: String) throws {
        let corpus = try read(#"{"room":"a","sender":"b","body": \#(body) }"#)
        #expect(corpus.messages[0].body == Array(body.utf8))
    }

    @Test("a text is published as it stands in the file")
    func text() throws {
        let corpus = try read(#"{"room":"a","sender":"b","text":"\u00e9 é \n"}"#)
        #expect(corpus.messages[0].body == Array(#"{"text":"\u00e9 é \n"}"#.utf8))
    }

    @Test(
        "a line that cannot be played is named by file and line, with what to write",
        arguments: [
            (#"{"room":"a","sender":"b"}"#, "`text`, a string, or `body`"),
            (#"{"room":"a","text":"b"}"#, "`room` and `sender`"),
            (#"{"room":"a","sender":"b","text":"c","body":1}"#, "not both"),
            (#"{"room":"","sender":"b","text":"c"}"#, "`room` has 0 bytes, it must have 1 to 160"),
            (#"{"room":"a*","sender":"b","text":"c"}"#, "no room may be named so"),
            (#"{"room":" a","sender":"b","text":"c"}"#, "no room may be named so"),
            (#"{"room":"a","sender":"b\n","text":"c"}"#, "`sender` holds a control character"),
            (#"{"room":"a","sender":"b","text":1}"#, "must be a string"),
            (#"{"room":"a","sender":"b","text":"\u0000"}"#, "U+0000, which cannot be stored"),
            (#"{"room":"a","sender":"b","text":"\ud800"}"#, "half of a surrogate pair"),
            (#"{"room":"a","sender":"b","text":"c"} x"#, "goes on after its value"),
            (#"["room"]"#, "must be an object"),
            (#"{"room":"a","#, "ends too early"),
        ])
    func badLines(_ line: String, _ sentence: String) throws {
        let good = #"{"room":"a","sender":"b","text":"c"}"#
        let error = #expect(throws: CorpusError.self) { try read("\(good)\n\n\(line)\n\(good)") }
        #expect(error?.description.hasPrefix("talk.jsonl:3: ") == true)
        #expect(error?.sentence.contains(sentence) == true, "\(error?.sentence ?? "")")
    }

    @Test("a file that is not there is an error with its name")
    func missingFile() {
        let error = #expect(throws: CorpusError.self) { try FileBytes.read("no/such/file", limit: 1) }
        #expect(error?.description == "no/such/file: cannot be read: No such file or directory")
    }
}
