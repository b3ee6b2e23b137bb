import JSON
import Testing

@testable import LoadTest

@Suite("Lines of the server")
struct WireTests {
    private func line(_ text: String) throws -> ServerLine {
        let bytes = Array(text.utf8)
        return try ServerLine(bytes.span)
    }

    @Test("an answer is found with its id, whatever the order of the fields")
    func answers() throws {
        let text = #"{"ok":{"epoch":"e","offset":7,"time":1,"repeat":true,"new":[]},"id":3}"#
        guard case .answer(3, let ok) = try line(text) else {
            Issue.record("no answer")
            return
        }
        let bytes = Array(text.utf8)
        var reader = JSONReader(at: ok.lowerBound)
        let answer = try StoredAnswer(&reader, in: bytes.span)
        #expect(answer.isRepeat)
        #expect(answer.offset == 7)
    }

    @Test("errors carry code, message and wait; 110 and 111 may be tried again")
    func errors() throws {
        let text = #"{"id":6,"error":{"code":111,"name":"unavailable","message":"m","retryAfterMs":2000}}"#
        guard case .failure(6, let fault) = try line(text) else {
            Issue.record("no error")
            return
        }
        #expect(fault.code == 111 && fault.message == "m" && fault.retryAfterMs == 2000)
        #expect(fault.mayRetry && fault.isUnavailable)
        guard case .failure(nil, let final) = try line(#"{"error":{"code":107,"message":"m"}}"#) else {
            Issue.record("no error")
            return
        }
        #expect(!final.mayRetry)
    }

    @Test("pushes are read, and what is not known is passed over")
    func pushes() throws {
        for (text, expected) in [
            (#"{"ping":{}}"#, "ping"), (#"{"goaway":{"afterMs":1500}}"#, "goaway(afterMs: 1500)"),
            (#"{"skip":{"room":"r","from":2,"to":5}}"#, "skip(room: [114], from: 2, to: 5)"),
            (#"{"reset":{"room":"r","epoch":"e","after":9}}"#, #"reset(room: [114], epoch: "e", after: 9)"#),
            (#"{"later":{"x":[1,{"y":null}]}}"#, "other"),
        ] {
            #expect("\(try line(text))" == expected)
        }
        #expect(throws: JSONError.self) { try line("[]") }
    }

    @Test("a publication is told apart by every field, its body by every byte")
    func publications() throws {
        func whole(_ fields: String) throws -> Fingerprint {
            guard
                case .publication(let heard) = try line(
                    #"{"publication":{"room":"r","offset":1,\#(fields)}}"#)
            else { throw JSONError(.endOfText, at: 0) }
            return heard.whole
        }
        let first = try whole(#""time":1,"user":"u","clientId":"c","body":"é""#)
        #expect(try whole(#""body":"é","clientId":"c","name":"N","user":"u","time":1"#) == first)
        #expect(try whole(#""time":1,"user":"u","clientId":"c","body":"\u00e9""#) != first)
        #expect(try whole(#""time":2,"user":"u","clientId":"c","body":"é""#) != first)
        #expect(try whole(#""time":1,"user":"uc","clientId":"","body":"é""#) != first)
        #expect(throws: JSONError.self) { try whole(#""time":1,"user":"u""#) }
    }

    @Test("commands are one line of JSON, drafts byte for byte")
    func commands() throws {
        let body = Array(#"{ "a" : "\u2028" }"#.utf8)
        let publish = ClientLine.publish(id: 3, room: "r\"", clientId: "c", body: body)
        #expect(
            String(decoding: publish, as: UTF8.self)
                == #"{"id":3,"publish":{"room":"r\"","clientId":"c","body":{ "a" : "\u2028" }}}"#)
        let connect = ClientLine.connect(id: 1, token: nil, user: "u", room: "r", since: .start)
        #expect(
            String(decoding: connect, as: UTF8.self)
                == #"{"id":1,"connect":{"client":"parley-load/1","user":"u","rooms":"#
                + #"[{"room":"r","since":{"epoch":"0","offset":0},"events":[]}]}}"#)
        let token = ClientLine.connect(id: 1, token: "t", user: "u", room: "r", since: nil)
        #expect(
            String(decoding: token, as: UTF8.self).contains(#""token":"t","rooms":[{"room":"r","events""#))
    }

    @Test("a room's name is one segment of the path")
    func segments() {
        #expect(RESTRequest.encode("a/b é%2F?#~") == "a%2Fb%20%C3%A9%252F%3F%23~")
    }

    @Test("a file of tokens is an object of strings")
    func tokens() throws {
        let text = Array(#"{"ada":"t1","b\u00f6b":"t2"}"#.utf8)
        #expect(try TokenFile.read(text.span) == ["ada": "t1", "böb": "t2"])
        let bad = Array(#"{"ada":1}"#.utf8)
        #expect(throws: JSONError.self) { try TokenFile.read(bad.span) }
    }

    @Test("the wait that a close reason tells is read, any other reason is none")
    func afterMs() {
        #expect(User.afterMs(Array(#"{"afterMs":1500}"#.utf8)) == 1500)
        for reason in ["", "bye", #"{"reason":"x"}"#, #"{"afterMs":"x"}"#, "{"] {
            #expect(User.afterMs(Array(reason.utf8)) == nil)
        }
    }
}
