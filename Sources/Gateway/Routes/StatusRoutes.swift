import HTTP1

/// `/healthz`, `/readyz` and `/metrics`: for operators and their machines.
final class StatusRoutes {
    private unowned let worker: Worker

    init(worker: Worker) { self.worker = worker }

    func route(_ request: HTTPRequest, _ name: String, on connection: HTTPConnection) -> Router.Outcome {
        guard request.method == "GET" || request.method == "HEAD" else {
            return .answer(.methodNotAllowed(["GET", "HEAD"]))
        }
        switch name {
        case "healthz": return .answer(Self.text(.ok, "alive\n"))
        case "readyz": return .answer(readiness())
        default:
            worker.gatherFigures { [unowned worker] figures in
                let text = MetricsText(workers: figures, archive: worker.archiveHealth()).text
                connection.answer(
                    HTTPResponse(
                        .ok,
                        fields: [
                            "Content-Type": "text/plain; version=0.0.4; charset=utf-8",
                            "Cache-Control": "no-store",
                        ],
                        body: Array(text.utf8)))
            }
            return .later
        }
    }

    /// Ready means: a publication would be stored.
    private func readiness() -> HTTPResponse {
        if worker.isDraining { return Self.text(.serviceUnavailable, "not ready: the server is stopping\n") }
        let archive = worker.archiveHealth()
        guard archive.isHealthy else {
            return Self.text(.serviceUnavailable, "not ready: the archive cannot write\n")
        }
        return Self.text(.ok, "ready\n")
    }

    private static func text(_ status: HTTPStatus, _ text: String) -> HTTPResponse {
        HTTPResponse(
            status, fields: ["Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store"],
            body: Array(text.utf8))
    }
}
