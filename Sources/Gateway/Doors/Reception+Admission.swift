import Bytes
import HTTP1
import Logging
import Networking

/// The first step: whether there is room for one more, of there.
extension Reception {
    /// Counts the connection, or says what it is told before it is closed.
    func admit(_ remote: SocketAddress, by listener: Listener) -> ListenerVerdict {
        let proxies = worker.proxies
        // Whose a proxy's connections are, they or their requests will tell.
        let group = proxies.trusts(remote) ? nil : AddressGroup(remote)
        if let refusal = worker.turnstile.enter(group, at: worker.loop.now) {
            worker.note(refusal, of: remote)
            return .refused(telling: words(refusal, by: listener))
        }
        pass = Pass(worker.turnstile, group)
        return .welcome
    }

    /// What those are told for whom no descriptor is left.
    func wordsWithoutDescriptor(by listener: Listener) -> [UInt8] {
        let refusal = worker.turnstile.outOfDescriptors(at: worker.loop.now)
        if refusal.isNews {
            worker.log.warning("connections are closed: the process has no file descriptor left")
        }
        return words(refusal, by: listener)
    }

    /// A whole answer, or nothing where TLS would have to come first.
    private func words(_ refusal: DoorRefusal, by listener: Listener) -> [UInt8] {
        isSecure(listener) ? [] : answer(refusal)
    }

    /// The refusal as the last thing a connection hears.
    func answer(_ refusal: DoorRefusal) -> [UInt8] {
        var output = ByteWriter()
        let response = refusal.response.readableByAll()
        worker.counters.answers[response.status.code, default: 0] += 1
        do {
            try ResponseWriter(date: worker.httpDate).write(response, to: &output)
        } catch {
            preconditionFailure("our own answers have writable fields: \(error)")
        }
        return output.finish()
    }
}

extension Worker {
    /// A limit was reached by somebody from there: it is counted, and told once in a while.
    func note(_ refusal: DoorRefusal, of address: SocketAddress) {
        counters.limits[refusal.limit, default: 0] += 1
        guard refusal.isNews else { return }
        log.warning(
            "a limit is reached; told once a minute at most",
            metadata: [
                "limit": "\(refusal.limit.rawValue)", "peer": "\(address.host)", "hint": "\(refusal.hint)",
            ])
    }
}
