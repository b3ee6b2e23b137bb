import Bytes
import Chat
import ChatProtocol
import Logging
import Networking

/// Carries out the hub's intentions: the only file that does.
///
/// Drafts, and news for the other hubs, are collected and leave at the end of the turn, as one batch each.
final class EffectRunner {
    private let archive: any Archive
    private let verifier: (any TokenVerifier)?
    private unowned let worker: Worker
    private var broker: (any Broker)?
    private var fanout = Fanout()
    private var drafts: [Draft] = []
    private var news: [News] = []

    init(archive: any Archive, verifier: (any TokenVerifier)?, worker: Worker) {
        self.archive = archive
        self.verifier = verifier
        self.worker = worker
    }

    /// The broker comes later: it needs the other workers' mailboxes.
    func use(_ broker: any Broker) { self.broker = broker }

    func run(_ effects: [Effect]) {
        for effect in effects { run(effect) }
    }

    private func run(_ effect: Effect) {
        switch effect {
        case .reply(let key, let id, let reply): self.reply(reply, to: id, of: key)
        case .push(let key, let push): fanout.send(push, to: [key]) { worker.transport(of: $0) }
        case .fanout(let push, let keys): fanout.send(push, to: keys) { worker.transport(of: $0) }
        case .pingFrame(let key): worker.transport(of: key)?.ping()
        case .disconnect(let key, let disconnect):
            worker.transport(of: key)?.disconnect(disconnect, sentence: nil)
        case .respond(let id, let reply): worker.respond(id, reply)
        case .append(let draft): drafts.append(draft)
        case .subscribe(let room): subscribe(room)
        case .unsubscribe(let room): broker?.unsubscribe(room)
        case .renew(let room): broker?.renew(room)
        case .verify(let key, let token): verify(token, of: key)
        case .broadcast(let item): news.append(item)
        case .openRoom, .read, .listRooms, .readHeads, .beginGeneration, .remember: ask(effect)
        }
    }

    /// Hands over what the turn collected.
    func endTurn() {
        if !drafts.isEmpty {
            let batch = drafts
            drafts.removeAll(keepingCapacity: true)
            archive.append(batch) { [unowned worker] in worker.tell(.settled($0)) }
        }
        if !news.isEmpty {
            let batch = news
            news.removeAll(keepingCapacity: true)
            broker?.publish(batch)
        }
    }

    private func reply(_ reply: Reply, to id: CommandID?, of key: SessionKey) {
        guard let transport = worker.transport(of: key) else { return }
        if case .error(let error) = reply {
            if error.code == .rateLimited { worker.counters.limits[.messageRate, default: 0] += 1 }
            worker.log.debug(
                "command refused", metadata: transport.names.metadata(["error": "\(error.code.name)"]))
        }
        transport.send(transport.frame(transport.dialect.bytes(of: reply, to: id)))
    }

    private func verify(_ token: String, of key: SessionKey) {
        guard let verifier else { preconditionFailure("a hub that believes everyone asks for no token") }
        verifier.verify(token) { [unowned worker] in worker.tell(.verified(key, $0)) }
    }

    private func subscribe(_ room: RoomKey) {
        broker?.subscribe(room) { [unowned worker] in worker.tell(.subscribed(room)) }
    }

    private func ask(_ effect: Effect) {
        switch effect {
        case .openRoom(let room, let tail, let tailBytes):
            archive.open(room, tail: tail, tailBytes: tailBytes) { [unowned worker] in
                worker.tell(.roomOpened(room, $0))
            }
        case .read(let id, let room, let range, let limit, let bytes):
            archive.read(room, range, limit: limit, bytes: bytes) { [unowned worker] in
                worker.tell(.pageRead(id, $0))
            }
        case .listRooms(let id, let user, let after, let limit):
            archive.rooms(of: user, after: after, limit: limit) { [unowned worker] in
                worker.tell(.roomsListed(id, $0))
            }
        case .readHeads(let rooms):
            archive.heads(of: rooms) { [unowned worker] in worker.tell(.headsRead($0)) }
        case .beginGeneration(let doubted): archive.beginGeneration(after: doubted)
        case .remember(let user, let room, let joined):
            archive.remember(user, in: room, joined: joined)
        default: break
        }
    }
}
