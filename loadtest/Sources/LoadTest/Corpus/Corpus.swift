/// What is to be said: rooms, who speaks in them, and every message in the order of its file.
struct Corpus {
    /// One room of the files.
    struct Room {
        /// As the file names it; a replay puts a prefix of its own before it.
        let name: String
        /// Everybody who says something in it, in the order of their first word.
        var talkers: [Talker] = []
    }

    /// One sender in one room: a user with a connection of its own.
    struct Talker {
        /// As the file names it.
        let user: String
        /// Its messages, as indexes into `messages`.
        var messages: [Int] = []
    }

    /// One line of a file.
    struct Message {
        /// Index into `rooms`.
        let room: Int
        /// Index into that room's `talkers`.
        let talker: Int
        /// The `body` to publish: JSON, to be stored byte for byte.
        let body: [UInt8]
    }

    /// In the order the files first name them.
    private(set) var rooms: [Room] = []
    /// In the order of the files.
    private(set) var messages: [Message] = []
    private var roomIndexes: [String: Int] = [:]
    private var talkerIndexes: [[String: Int]] = []

    /// Adds a message behind all others.
    mutating func append(room name: String, sender: String, body: [UInt8]) {
        let room = index(ofRoom: name)
        let talker = index(ofTalker: sender, in: room)
        rooms[room].talkers[talker].messages.append(messages.count)
        messages.append(Message(room: room, talker: talker, body: body))
    }

    private mutating func index(ofRoom name: String) -> Int {
        if let index = roomIndexes[name] { return index }
        rooms.append(Room(name: name))
        talkerIndexes.append([:])
        roomIndexes[name] = rooms.count - 1
        return rooms.count - 1
    }

    private mutating func index(ofTalker user: String, in room: Int) -> Int {
        if let index = talkerIndexes[room][user] { return index }
        rooms[room].talkers.append(Talker(user: user))
        let index = rooms[room].talkers.count - 1
        talkerIndexes[room][user] = index
        return index
    }
}
