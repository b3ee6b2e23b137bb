import Bytes
import Foundation
import HTTP1
import WebSocket

extension FuzzTarget {
    /// The opening handshake: whatever request was read is answered or refused; what is answered asked for a
    /// WebSocket by the letter of RFC 6455 §4.2.1, and either answer can be written and read.
    package static let handshake = FuzzTarget(name: "handshake") { input in
        var parser = RequestParser(limits: RequestLimits(bodyBytes: 256))
        parser.receive(input.span)
        while case .some(.some(let event)) = try? parser.nextEvent() {
            guard case .request(let request) = event else { continue }
            do throws(HandshakeError) {
                check(try Handshake(request, serving: served), of: request)
            } catch {
                let answer = written(error.response, for: request)
                precondition((400..<500).contains(answer.code), "a refusal is the client's fault")
                precondition(
                    answer.code != 405 || !answer.values("Allow").isEmpty, "405 says what is allowed")
                precondition(
                    answer.code != 426 || answer.values("Upgrade") == ["websocket"], "426 says to what")
            }
        }
    }

    private static let served = ["parley.v1", "parley.v2"]

    private static func check(_ handshake: Handshake, of request: HTTPRequest) {
        precondition(request.method == "GET" && request.version == .http11, "GET in HTTP/1.1")
        precondition(words("Upgrade", of: request).contains("websocket"), "Upgrade: websocket")
        precondition(words("Connection", of: request).contains("upgrade"), "Connection: Upgrade")
        precondition(values("Sec-WebSocket-Version", of: request) == ["13"], "version 13")
        let keys = values("Sec-WebSocket-Key", of: request)
        precondition(keys.count == 1 && Data(base64Encoded: keys[0])?.count == 16, "one key of 16 bytes")
        let offered = values("Sec-WebSocket-Protocol", of: request).joined(separator: ",")
            .components(separatedBy: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        precondition(
            handshake.subprotocol == offered.first { served.contains($0) }, "the first that is served")

        let answer = written(handshake.response, for: request)
        precondition(answer.code == 101 && answer.body.isEmpty, "101 and no body")
        precondition(answer.values("Upgrade") == ["websocket"], "what it switches to")
        precondition(answer.values("Connection") == ["Upgrade"], "that it switches")
        precondition(answer.values("Sec-WebSocket-Accept") == [Handshake.accept(keys[0])], "the key's answer")
        precondition(
            answer.values("Sec-WebSocket-Protocol") == (handshake.subprotocol.map { [$0] } ?? []),
            "the subprotocol")
        precondition(Handshake.isAskedFor(by: request), "an accepted request asks for a WebSocket")
    }

    private static func values(_ name: String, of request: HTTPRequest) -> [String] {
        request.fields.all.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
    }

    private static func words(_ name: String, of request: HTTPRequest) -> [String] {
        values(name, of: request).joined(separator: ",").lowercased().components(separatedBy: ",")
            .map { $0.trimmingCharacters(in: .whitespaces) }
    }

    private static func written(_ response: HTTPResponse, for request: HTTPRequest) -> NaiveResponse {
        var writer = ByteWriter()
        do {
            try ResponseWriter(answering: request).write(response, to: &writer)
        } catch {
            preconditionFailure("not writable")
        }
        return NaiveResponse(writer.finish())
    }
}
