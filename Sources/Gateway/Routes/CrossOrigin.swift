import HTTP1

/// What the API tells browsers about pages of other origins (the Fetch standard, "CORS protocol"). Who may
/// come in is `OriginGuard`'s business; here they are let read what they get.
///
/// Callers show a token, no cookie, so credentials in the sense of that standard are never allowed. Nor is a
/// page of the open Internet that asks for a private network: nothing answers
/// `Access-Control-Request-Private-Network`.
struct CrossOrigin {
    private let guardian: OriginGuard

    init(_ guardian: OriginGuard) { self.guardian = guardian }

    /// What the API reads of a request.
    private static let requestFields = "Authorization, Content-Type, \(CorrelationID.field)"
    /// What it says beside the content.
    private static let answerFields = "Retry-After, \(CorrelationID.field)"

    /// Answers a request for permission; nil where the request is none.
    func preflight(_ request: HTTPRequest, allowing methods: [String]) -> HTTPResponse? {
        guard request.method == "OPTIONS", request.fields["Origin"] != nil,
            request.fields["Access-Control-Request-Method"] != nil
        else { return nil }
        return HTTPResponse(
            .noContent,
            fields: [
                "Allow": (methods + ["OPTIONS"]).joined(separator: ", "),
                "Access-Control-Allow-Methods": methods.joined(separator: ", "),
                "Access-Control-Allow-Headers": Self.requestFields, "Access-Control-Max-Age": "600",
            ])
    }

    /// Lets the page that asked read the answer, if it may come in.
    func dress(_ response: inout HTTPResponse, for request: HTTPRequest, from peer: Peer) {
        response.fields.append("Vary", "Origin")
        guard let origin = request.fields["Origin"], guardian.refusal(of: request, from: peer) == nil
        else { return }
        response.fields.append("Access-Control-Allow-Origin", origin)
        response.fields.append("Access-Control-Expose-Headers", Self.answerFields)
    }
}
