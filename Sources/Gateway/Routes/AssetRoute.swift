import BrowserClient
import Bytes
import HTTP1

/// The page and its modules, out of memory.
struct AssetRoute {
    private struct Served {
        let fields: HTTPFields
        let etag: String
        let body: SharedBytes
        let isForEveryone: Bool
    }

    private var served: [String: Served] = [:]

    /// No script but our own files, no frame, no form: the page needs nothing else.
    private static let policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"

    init(_ assets: [BrowserAsset] = BrowserAssets.all) {
        for asset in assets {
            var fields: HTTPFields = [
                "Content-Type": asset.contentType, "ETag": asset.etag, "Cache-Control": "no-cache",
                "Content-Security-Policy": Self.policy, "X-Content-Type-Options": "nosniff",
                "Referrer-Policy": "no-referrer",
            ]
            if asset.isForEveryone {
                fields.append("Access-Control-Allow-Origin", "*")
                fields.append("Cross-Origin-Resource-Policy", "cross-origin")
            }
            if asset.path == "/client.js" { fields.append("X-TypeScript-Types", "./client.d.ts") }
            served[asset.path] = Served(
                fields: fields, etag: asset.etag, body: SharedBytes(asset.bytes),
                isForEveryone: asset.isForEveryone)
        }
    }

    /// Whether pages of other origins may ask for this too.
    func isForEveryone(_ request: HTTPRequest) -> Bool {
        served[String(request.path)]?.isForEveryone == true
    }

    func route(_ request: HTTPRequest) -> Router.Outcome {
        guard let asset = served[String(request.path)] else {
            let nothing = HTTPResponse(.notFound, text: "There is nothing here under this name.")
            return .answer(nothing.readableByAll())
        }
        guard request.method == "GET" || request.method == "HEAD" else {
            return .answer(.methodNotAllowed(["GET", "HEAD"]))
        }
        let known = request.fields.list("If-None-Match")
        // RFC 9110 §13.1.2: compared weakly; a proxy that compresses makes strong tags weak.
        if known.contains(where: { $0 == asset.etag || $0 == "W/" + asset.etag || $0 == "*" }) {
            return .answer(HTTPResponse(.notModified, fields: asset.fields))
        }
        return .asset(HTTPResponse(.ok, fields: asset.fields), asset.body)
    }
}
