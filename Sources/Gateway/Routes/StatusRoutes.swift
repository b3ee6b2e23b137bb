import HTTP1

/// `/healthz`, `/readyz` and `/metrics`: for operators and their machines.
final class StatusRoutes {
    private unowned let worker: Worker

    init(worker: Worker) { self.worker = worker }

    func route(_ request: HTTPRequest, _ name: String, on connection: HTTPConnection) -> Router.Outcome {
        guard request.method == "GET" || request.method == "HEAD" else {
            return .answer(.other(than: ["GET", "HEAD"], to: request))
        }
        switch name {
        case "healthz": return .answer(Self.text(.ok, "alive\n"))
        case "readyz":
            // The others may have ended: nobody is asked any more.
            if worker.isDraining { return .answer(readiness([])) }
            worker.gatherFigures { [unowned self] in connection.answer(readiness($0)) }
        default: worker.gatherFigures { [unowned self] in connection.answer(metrics($0)) }
        }
        return .later
    }

    private func readiness(_ figures: [WorkerFigures]) -> HTTPResponse {
        let readiness = Readiness(
            isDraining: worker.isDraining, archive: worker.archiveHealth(),
            brokers: figures.compactMap(\.broker))
        return Self.text(readiness.isReady ? .ok : .serviceUnavailable, readiness.text)
    }

    private func metrics(_ figures: [WorkerFigures]) -> HTTPResponse {
        let text = MetricsText(
            workers: figures, archive: worker.archiveHealth(), process: ProcessFigures.read()
        ).text
        return HTTPResponse(
            .ok,
            fields: [
                "Content-Type": "text/plain; version=0.0.4; charset=utf-8", "Cache-Control": "no-store",
            ], body: Array(text.utf8))
    }

    private static func text(_ status: HTTPStatus, _ text: String) -> HTTPResponse {
        HTTPResponse(
            status, fields: ["Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store"],
            body: Array(text.utf8))
    }
}
