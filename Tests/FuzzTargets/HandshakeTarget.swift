import Bytes
import HTTP1
import WebSocket

extension FuzzTarget {
    /// The opening handshake: whatever request was read is answered or refused, and either answer can be
    /// written.
    package static let handshake = FuzzTarget(name: "handshake") { input in
        var parser = RequestParser(limits: RequestLimits(bodyBytes: 256))
        parser.receive(input.span)
        while case .some(.some(let event)) = try? parser.nextEvent() {
            guard case .request(let request) = event else { continue }
            var writer = ByteWriter()
            do throws(HandshakeError) {
                let handshake = try Handshake(request, serving: ["parley.v1"])
                precondition(
                    handshake.subprotocol == nil || handshake.subprotocol == "parley.v1", "not served")
                precondition(write(handshake.response, for: request, to: &writer), "not writable")
            } catch {
                precondition(write(error.response, for: request, to: &writer), "not writable")
            }
        }
    }

    private static func write(_ response: HTTPResponse, for request: HTTPRequest, to writer: inout ByteWriter)
        -> Bool
    {
        (try? ResponseWriter(answering: request).write(response, to: &writer)) != nil
    }
}
