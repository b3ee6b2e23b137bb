import Chat
import DequeModule

/// The channels that are wanted, and what Redis was asked and has not answered yet. It sends nothing itself.
///
/// Redis answers the commands of a connection in their order, so a first-in first-out list tells which
/// command an answer belongs to: the confirmation of a subscription that was taken back and asked for again
/// is not taken for the later one's.
struct SubscriptionTable {
    /// One wanted channel.
    final class Entry {
        /// The room; nil for the canary's channel.
        let room: RoomKey?
        /// Its channel's name.
        let channel: [UInt8]
        fileprivate(set) var isWanted = true
        /// Redis has confirmed it on the present connection.
        fileprivate(set) var isConfirmed = false
        fileprivate var waiting: [() -> Void] = []

        fileprivate init(room: RoomKey?, channel: [UInt8]) {
            self.room = room
            self.channel = channel
        }
    }

    /// What a new wish asks of the broker.
    enum Wish {
        /// Subscribe it.
        case subscribe(Entry)
        /// Nothing: the answer is on its way.
        case wait
        /// Confirm at once, but not inside the call.
        case confirm(Entry)
    }

    private struct Question {
        let entry: Entry
        let isSubscription: Bool
    }

    private var byRoom: [RoomKey: Entry] = [:]
    private var byChannel: [[UInt8]: Entry] = [:]
    private var questions: Deque<Question> = []
    /// Everything wanted, and some that no longer is, in the order in which it is renewed.
    private var renewals: Deque<Entry> = []

    /// How many rooms are wanted.
    var count: Int { byRoom.count }
    /// How many answers are missing.
    var questionCount: Int { questions.count }
    /// Everything that is wanted.
    var entries: some Collection<Entry> { byChannel.values }

    /// The wanted entry of that room.
    func entry(of room: RoomKey) -> Entry? { byRoom[room] }

    /// The wanted entry of that channel.
    func entry(of channel: [UInt8]) -> Entry? { byChannel[channel] }

    /// Wants the room; `confirmed` is kept until Redis has answered.
    mutating func want(_ room: RoomKey, confirmed: @escaping () -> Void) -> Wish {
        if let entry = byRoom[room] {
            if entry.isConfirmed { return .confirm(entry) }
            entry.waiting.append(confirmed)
            return .wait
        }
        let entry = insert(Entry(room: room, channel: Channel.name(of: room)))
        byRoom[room] = entry
        entry.waiting.append(confirmed)
        return .subscribe(entry)
    }

    /// Wants a channel that is no room's.
    mutating func want(channel: [UInt8]) -> Entry {
        byChannel[channel] ?? insert(Entry(room: nil, channel: channel))
    }

    private mutating func insert(_ entry: Entry) -> Entry {
        byChannel[entry.channel] = entry
        renewals.append(entry)
        return entry
    }

    /// Wants the room no longer; the entry that was wanted. Who waits for its confirmation waits no longer.
    mutating func forget(_ room: RoomKey) -> Entry? {
        guard let entry = byRoom.removeValue(forKey: room) else { return nil }
        byChannel[entry.channel] = nil
        entry.isWanted = false
        entry.waiting = []
        return entry
    }

    /// Redis was asked to begin or end these subscriptions.
    mutating func asked(_ entries: some Sequence<Entry>, isSubscription: Bool) {
        for entry in entries { questions.append(Question(entry: entry, isSubscription: isSubscription)) }
    }

    /// Redis answered. Who is to be told, and which entry it was; nil where nothing like it was asked.
    mutating func answered(
        _ channel: [UInt8], isSubscription: Bool
    ) -> (entry: Entry, confirmed: [() -> Void])? {
        guard let question = questions.popFirst(), question.isSubscription == isSubscription,
            question.entry.channel == channel
        else { return nil }
        let entry = question.entry
        guard isSubscription else { return (entry, []) }
        entry.isConfirmed = true
        let waiting = entry.waiting
        entry.waiting = []
        return (entry, waiting)
    }

    /// The connection is gone, and with it every subscription.
    mutating func disconnected() {
        questions.removeAll()
        for entry in byChannel.values { entry.isConfirmed = false }
    }

    /// The next of a round that renews everything in `rounds` calls.
    mutating func nextRenewals(rounds: Int) -> [Entry] {
        let number = (renewals.count + rounds - 1) / rounds
        var entries: [Entry] = []
        for _ in 0..<number {
            guard let entry = renewals.popFirst(), entry.isWanted else { continue }
            renewals.append(entry)
            entries.append(entry)
        }
        return entries
    }
}
