import Bytes
import JSON

/// What the server says, and what that does to the position.
extension User {
    func received(_ line: Span<UInt8>, on connection: ChatConnection) {
        guard self.connection === connection else { return }
        do throws(JSONError) {
            try take(try ServerLine(line), of: line)
        } catch {
            violation(.protocolBroken, "a line that cannot be read: \(error)")
            // It would come again on every connection.
            leave()
            play.changed()
        }
    }

    private func take(_ said: ServerLine, of line: Span<UInt8>) throws(JSONError) {
        switch said {
        case .answer(let id, let ok):
            guard let question = questions.removeValue(forKey: id) else {
                return violation(.protocolBroken, "an answer to \(id), which was not asked")
            }
            try answered(question, line.extracting(ok))
        case .failure(let id, let fault): failed(id.flatMap { questions.removeValue(forKey: $0) }, fault)
        case .publication(let publication):
            guard isMine(publication.room) else { return }
            stage.tally.deliveries += 1
            act(view.heard(publication))
        case .skip(let room, let from, let to):
            guard isMine(room) else { return }
            act(view.skipped(from: from, to: to))
        case .reset(let room, let epoch, let after):
            guard isMine(room) else { return }
            view.reset(epoch: epoch, after: after)
        case .ping: connection?.send(ClientLine.pong)
        case .goaway(let afterMs): goAway(afterMs: afterMs)
        case .other: break
        }
    }

    private func isMine(_ room: [UInt8]) -> Bool {
        if room == play.nameBytes { return true }
        violation(.protocolBroken, "a push of the room \(String(decoding: room, as: UTF8.self))")
        return false
    }

    private func answered(_ question: Question, _ ok: Span<UInt8>) throws(JSONError) {
        var reader = JSONReader()
        switch question {
        case .connect: connected(try ConnectAnswer(&reader, in: ok))
        case .join: joined(try RoomAnswer(&reader, in: ok))
        case .history:
            let page = try RoomAnswer(&reader, in: ok)
            let before = view.entries.count
            act(view.fetched(page))
            stage.tally.deliveries += max(0, view.entries.count - before)
        case .publish(let draft):
            acknowledged(draft, try StoredAnswer(&reader, in: ok), by: connection?.target ?? 0)
        }
    }

    private func failed(_ question: Question?, _ fault: ServerFault) {
        switch question {
        case .publish(let draft): refused(draft, fault)
        case .connect, .join, .history:
            if fault.mayRetry {
                count(fault)
                // A new connection asks for everything anew, after the back-off.
                connection?.giveUp(fault.message)
            } else {
                violation(.refused, "error \(fault.code): \(fault.message)")
                leave()
                play.changed()
            }
        case nil: violation(.protocolBroken, "an error without its command: \(fault.message)")
        }
    }

    /// One room's part of the answer to `connect`, or the answer to `join`.
    func joined(_ answer: RoomAnswer) {
        if let fault = answer.fault { return failed(.join, fault) }
        stage.tally.deliveries += answer.publications.count
        act(view.joined(answer))
    }

    private func act(_ step: RoomView.Step) {
        switch step {
        case .wait: break
        case .join: ask(.join) { ClientLine.join(id: $0, room: play.name, since: view.since) }
        case .fetch(let after):
            ask(.history) { ClientLine.history(id: $0, room: play.name, after: after, limit: 500) }
        }
        if play.isTalkDone { play.changed() }
    }

    /// Counts an error that says try again.
    func count(_ fault: ServerFault) {
        if fault.isUnavailable { stage.tally.unavailable += 1 } else { stage.tally.tooMany += 1 }
    }
}
