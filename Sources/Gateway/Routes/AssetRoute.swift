import BrowserClient
import Bytes
import HTTP1

/// The page and its modules, out of memory.
struct AssetRoute {
    /// A file in one coding. Tag, fields and bytes belong together.
    private struct Form {
        let etag: String
        let fields: HTTPFields
        /// RFC 9110 §15.4.5: what a cache needs to know of a file that it has.
        let fieldsIfKnown: HTTPFields
        let body: SharedBytes
    }

    private struct Served {
        let plain: Form
        let gzip: Form?
        let isForEveryone: Bool
    }

    private var served: [String: Served] = [:]

    /// No script but our own files, no frame, no form: the page needs nothing else. The fields behind it say
    /// the same to browsers that read those, and keep other windows, addresses and devices out of its reach.
    private static let protections: [(String, String)] = [
        (
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
                + "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
                + "require-trusted-types-for 'script'"
        ),
        ("X-Content-Type-Options", "nosniff"), ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "no-referrer"), ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ]

    init(_ assets: [BrowserAsset]) { self.init(assets.map(PreparedAsset.init)) }

    init(_ prepared: [PreparedAsset] = PreparedAsset.all) {
        for file in prepared {
            let asset = file.asset
            // RFC 9110 §8.8.3.3: each coding has a tag of its own.
            let codedTag = asset.etag.dropLast() + "-gzip\""
            served[asset.path] = Served(
                plain: Self.form(
                    of: asset, asset.bytes, tag: asset.etag, coding: nil, varies: file.gzip != nil),
                gzip: file.gzip.map {
                    Self.form(of: asset, $0, tag: String(codedTag), coding: "gzip", varies: true)
                }, isForEveryone: asset.isForEveryone)
        }
    }

    private static func form(
        of asset: BrowserAsset, _ bytes: [UInt8], tag: String, coding: String?, varies: Bool
    ) -> Form {
        // The names of files stay the same from version to version, so caches ask each time.
        var known: HTTPFields = ["ETag": tag, "Cache-Control": "no-cache"]
        if varies { known.append("Vary", "Accept-Encoding") }
        for (name, value) in protections { known.append(name, value) }
        if asset.isForEveryone {
            known.append("Access-Control-Allow-Origin", "*")
            known.append("Cross-Origin-Resource-Policy", "cross-origin")
        }
        var fields: HTTPFields = ["Content-Type": asset.contentType]
        if let coding { fields.append("Content-Encoding", coding) }
        for field in known.all { fields.append(field.name, field.value) }
        if asset.path == "/client.js" { fields.append("X-TypeScript-Types", "./client.d.ts") }
        return Form(etag: tag, fields: fields, fieldsIfKnown: known, body: SharedBytes(bytes))
    }

    /// Whether pages of other origins may ask for this too.
    func isForEveryone(_ request: HTTPRequest) -> Bool {
        served[String(request.path)]?.isForEveryone == true
    }

    /// Answers with the whole file: ranges of it are not served, and Range is overlooked (RFC 9110 §14.2).
    func route(_ request: HTTPRequest) -> Router.Outcome {
        guard let asset = served[String(request.path)] else {
            let nothing = HTTPResponse(.notFound, text: "There is nothing here under this name.")
            return .answer(nothing.readableByAll())
        }
        guard request.method == "GET" || request.method == "HEAD" else {
            let other = HTTPResponse.other(than: ["GET", "HEAD"], to: request)
            return .answer(asset.isForEveryone ? other.readableByAll() : other)
        }
        var form = asset.plain
        if let gzip = asset.gzip, AcceptEncoding(request.fields).prefersGzip { form = gzip }
        // RFC 9110 §13.2.2: this one first, and strictly.
        let wanted = request.fields.list("If-Match")
        guard wanted.isEmpty || wanted == ["*"] || wanted.contains(form.etag) else {
            let sentence = "The file is not, or no longer, the one that If-Match names."
            return .answer(HTTPResponse(.preconditionFailed, text: sentence))
        }
        let known = request.fields.list("If-None-Match")
        // §13.1.2: compared weakly; a proxy that changes the coding makes strong tags weak.
        if known == ["*"] || known.contains(where: { $0 == form.etag || $0 == "W/" + form.etag }) {
            return .answer(HTTPResponse(.notModified, fields: form.fieldsIfKnown))
        }
        return .asset(HTTPResponse(.ok, fields: form.fields), form.body)
    }
}
