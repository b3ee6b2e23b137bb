import Bytes
import HTTP1

extension FuzzTarget {
    /// The response writer: whatever names and values a route puts into an answer, it is written as that many
    /// fields and that body, or not at all.
    package static let response = FuzzTarget(name: "response") { input in
        var draw = Draw(input)
        let writer = writer(&draw)
        let response = response(&draw)
        let before = Array("before".utf8)
        var output = ByteWriter()
        output.append(before)
        let isPlain = response.fields.all.allSatisfy(isPlain)
        do throws(HTTPError) {
            try writer.write(response, to: &output)
        } catch {
            precondition(error == .unwritableField, "the only reason")
            precondition(output.bytes == before, "half an answer is written")
            return precondition(!isPlain, "an ordinary field is refused")
        }
        precondition(output.bytes.starts(with: before), "what was there is gone")
        let answer = NaiveResponse(Array(output.bytes.dropFirst(before.count)))
        precondition(answer.code == response.status.code, "another status")
        let own = ["Date", "Content-Length", "Connection"]
        let others = answer.fields.filter { !own.contains($0.name) || answer.code < 200 }
        precondition(
            others.filter { $0.name != "Date" }.elementsEqual(response.fields.all) {
                Array($0.name.utf8) == Array($1.name.utf8) && Array($0.value.utf8) == Array($1.value.utf8)
            }, "other fields than were given")
        for name in own { precondition(answer.values(name).count <= 1, "\(name) stands twice") }
        let hasBody = answer.code >= 200 && answer.code != 204 && answer.code != 304
        precondition(answer.body == (hasBody && !writer.omitsBody ? response.body : []), "another body")
        precondition(
            answer.values("Content-Length") == (hasBody ? ["\(response.body.count)"] : []), "another length")
        precondition(
            answer.code < 200 || writer.keepsAlive || answer.values("Connection") == ["close"],
            "the end is not told")
    }

    private static func writer(_ draw: inout Draw) -> ResponseWriter {
        let choice = draw.byte()
        let request = HTTPRequest(
            method: choice & 1 == 0 ? "GET" : "HEAD", target: "/",
            version: choice & 2 == 0 ? .http11 : .http10,
            fields: choice & 4 == 0 ? [:] : ["Connection": choice & 8 == 0 ? "close" : "keep-alive"])
        return ResponseWriter(answering: request, date: choice & 16 == 0 ? nil : draw.text())
    }

    private static func response(_ draw: inout Draw) -> HTTPResponse {
        let statuses: [HTTPStatus] = [
            .ok, .switchingProtocols, .noContent, .notModified, .badRequest, .continue, .serviceUnavailable,
        ]
        var response = HTTPResponse(statuses[Int(draw.byte()) % statuses.count])
        for _ in 0..<(draw.byte() & 7) { response.fields.append(draw.text(), draw.text()) }
        response.body = draw.remainder()
        return response
    }

    /// Nobody could object to it: a name of letters that is not the writer's own, a value of visible ASCII.
    private static func isPlain(_ field: HTTPFields.Field) -> Bool {
        let own = ["date", "content-length", "connection", "transfer-encoding"]
        return !field.name.isEmpty && field.name.utf8.allSatisfy { (0x61...0x7A).contains($0 | 0x20) }
            && !own.contains(field.name.lowercased())
            && field.value.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }
}
