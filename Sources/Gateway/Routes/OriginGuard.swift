import HTTP1
import Networking

/// Keeps foreign pages out: a browser sends its page's origin along, and everything else is no page.
struct OriginGuard {
    private let allowed: Set<String>
    private let isDevelopment: Bool

    init(_ configuration: ServerConfiguration) {
        allowed = Set(configuration.allowedOrigins)
        isDevelopment = configuration.isDevelopment
    }

    /// Why the request is refused; nil lets it in.
    func refusal(of request: HTTPRequest, from peer: Peer) -> String? {
        // Without tokens a name that leads here by a stranger's DNS would open the door to the stranger's
        // page.
        // HTTP/1.0 without a Host is no browser's.
        if isDevelopment, !request.authority.isEmpty,
            !Self.isLoopback(host: Self.hostPart(of: request.authority))
        {
            return
                "In development mode this server answers to loopback names only, not to \(request.authority)."
        }
        let origins = request.fields.values(of: "Origin")
        guard let origin = origins.first else { return nil }
        guard origins.count == 1 else { return "A request has one origin; this one names \(origins.count)." }
        if allowed.contains(origin) { return nil }
        guard let colon = origin.firstIndex(of: ":"), origin[colon...].hasPrefix("://") else {
            return "The origin \(origin) may not use this server; allowedOrigins lists those that may."
        }
        let authority = origin[colon...].dropFirst(3)
        // RFC 6454 §4: an origin is its scheme, too. A proxy that we do not know of may have taken TLS away,
        // so only what came by TLS tells.
        let isSameScheme = !peer.isSecure || origin[..<colon] == "https"
        if isSameScheme, authority.equalsIgnoringCase(request.authority) { return nil }
        if isDevelopment, Self.isLoopback(host: Self.hostPart(of: String(authority))) { return nil }
        return "The origin \(origin) may not use this server; allowedOrigins lists those that may."
    }

    private static func hostPart(of authority: String) -> Substring {
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") { return authority[...end] }
        return authority.prefix { $0 != ":" }
    }

    private static func isLoopback(host: Substring) -> Bool {
        let name = host.lowercased()
        if name == "localhost" || name.hasSuffix(".localhost") { return true }
        return (try? SocketAddress("\(name):1"))?.isLoopback ?? false
    }
}
