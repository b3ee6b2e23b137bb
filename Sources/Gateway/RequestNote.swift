import HTTP1
import Logging

/// What the log says of a request and its answer. Bodies and queries are left out: they may hold what is
/// nobody's business. What an error says of them is not: its sentences are ours.
struct RequestNote {
    let metadata: Logger.Metadata

    /// Of an answer to `request`, or to what is none.
    init(
        _ request: HTTPRequest?, _ response: HTTPResponse, _ name: CorrelationID?,
        on connection: ConnectionID, of peer: Peer
    ) {
        var metadata: Logger.Metadata = [
            "connection": "\(connection)", "peer": "\(peer.address)",
            "status": "\(response.status.code)",
        ]
        if let request {
            metadata["method"] = "\(request.method)"
            metadata["path"] = "\(request.path.prefix(256))"
        }
        if let name { metadata["request"] = "\(name)" }
        if response.status.code >= 400 {
            let reason = String(decoding: response.body.prefix(512), as: UTF8.self)
            metadata["reason"] = "\(reason.split(separator: "\n").joined(separator: "; "))"
        }
        self.metadata = metadata
    }
}
