import Bytes
import JSON
import Networking
import Time

/// Talking: so many drafts unanswered at a time, in order, each until it is settled.
extension User {
    /// Begins as many drafts as may be under way, whether or not there is a connection.
    func pump() {
        guard phase != .gone else { return }
        while outbox.open.count < stage.options.outstanding, let number = outbox.nextNumber {
            let due = play.due(number, of: self)
            guard due <= stage.loop.now else { return wakeForRetry(at: min(due, outbox.nextRetry ?? due)) }
            let draft = outbox.begin()
            stage.ledger.intend(draft, at: stage.options.rate == nil ? stage.loop.now : due)
            leave(draft)
        }
    }

    /// On a new connection everything unanswered leaves again, oldest first (chat.md §13).
    func sendOpen() {
        for draft in outbox.open where !stage.ledger.drafts[draft].isREST && !outbox.waits(draft) {
            publish(draft)
        }
        retry()
        pump()
    }

    /// Sends again what has waited long enough, and begins what is due.
    func retry() {
        let isConnected = phase == .connected
        let due = outbox.takeRetries(at: stage.loop.now) { isConnected || stage.ledger.drafts[$0].isREST }
        for draft in due { leave(draft) }
        // Without a connection those by WebSocket wait for the next.
        if let next = outbox.nextRetry, next > stage.loop.now { wakeForRetry(at: next) }
        pump()
    }

    func acknowledged(_ draft: Int, _ answer: StoredAnswer, by target: Int) {
        guard stage.ledger.acknowledge(draft, answer, by: target) else { return }
        stage.tally.acknowledged(
            after: stage.loop.now - stage.ledger.drafts[draft].intended,
            isREST: stage.ledger.drafts[draft].isREST)
        play.acknowledged(at: answer.offset)
        settle(draft)
    }

    func refused(_ draft: Int, _ fault: ServerFault) {
        stage.ledger.settle(draft)
        guard fault.mayRetry else {
            violation(.refused, "draft \(draft): error \(fault.code): \(fault.message)")
            return settle(draft)
        }
        count(fault)
        again(draft, after: fault.retryAfterMs.map { .milliseconds($0) })
    }

    private func settle(_ draft: Int) {
        outbox.settle(draft)
        pump()
        if outbox.isDone { play.changed() }
    }

    private func again(_ draft: Int, after: Duration?) {
        let wait = after ?? Duration.milliseconds(500) * Double.random(in: 0..<1)
        outbox.retry(draft, at: stage.loop.now + wait)
        wakeForRetry(at: outbox.nextRetry ?? stage.loop.now)
    }

    private func leave(_ draft: Int) {
        if stage.ledger.drafts[draft].isREST { post(draft) } else { publish(draft) }
    }

    private func publish(_ draft: Int) {
        guard phase == .connected, let connection else { return }
        stage.ledger.send(draft, to: connection.target)
        ask(.publish(draft)) {
            ClientLine.publish(
                id: $0, room: play.name, clientId: stage.clientId(draft),
                body: stage.ledger.drafts[draft].body)
        }
    }

    /// Through REST, by the instances in turn: a retry meets another one.
    private func post(_ draft: Int) {
        let target = stage.takeTarget()
        let token = stage.options.tokens?[name]
        stage.ledger.send(draft, to: target)
        let content = ClientLine.restDraft(
            clientId: stage.clientId(draft), user: token == nil ? name : nil,
            body: stage.ledger.drafts[draft].body)
        let request = RESTRequest.publish(
            host: stage.options.targets[target].host, room: play.name, token: token, content: content)
        stage.desk.request(target, request) { [self] in posted(draft, $0, by: target) }
    }

    private func posted(
        _ draft: Int, _ result: Result<ResponseReader.Response, RESTFailure>, by target: Int
    ) {
        guard phase != .gone else { return }
        switch result {
        case .failure:
            stage.ledger.settle(draft)
            stage.tally.restBroken += 1
            again(draft, after: nil)
        case .success(let response):
            do throws(JSONError) {
                try posted(draft, response, by: target)
            } catch {
                stage.ledger.settle(draft)
                guard response.status < 500 else { return again(draft, after: nil) }
                violation(.protocolBroken, "REST answered \(response.status) with what is not JSON: \(error)")
                settle(draft)
            }
        }
    }

    private func posted(
        _ draft: Int, _ response: ResponseReader.Response, by target: Int
    ) throws(JSONError) {
        var reader = JSONReader()
        if response.status == 200 || response.status == 201 {
            let answer = try StoredAnswer(&reader, in: response.body.span)
            if answer.isRepeat != (response.status == 200) {
                violation(.protocolBroken, "REST answered \(response.status), `repeat` \(answer.isRepeat)")
            }
            return acknowledged(draft, answer, by: target)
        }
        guard case .failure(_, let fault) = try ServerLine(response.body.span) else {
            throw JSONError(.expected(.object), at: 0)
        }
        refused(draft, fault)
    }
}
