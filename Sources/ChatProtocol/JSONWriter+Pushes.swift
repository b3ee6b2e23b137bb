import JSON
import Time

/// The shapes that pushes are made of, and the smallest ones, which replies share.
extension JSONWriter {
    /// Within a list of one room's publications neither room nor epoch is repeated.
    mutating func publication(_ publication: Publication, withRoom: Bool, withEpoch: Bool) {
        beginObject()
        if withRoom { room(publication.room) }
        if let position = publication.position {
            key("offset")
            integer(position.offset)
        }
        key("time")
        integer(publication.time.milliseconds)
        member(Member(user: publication.user, name: publication.name))
        if let clientID = publication.clientID {
            key("clientId")
            string(clientID.description)
        }
        key("body")
        raw(publication.body.span)
        if withEpoch, let position = publication.position {
            key("epoch")
            string(position.epoch.description)
        }
        endObject()
    }

    mutating func rosterChange(_ change: RosterChange) {
        beginObject()
        room(change.room)
        key("version")
        integer(change.version)
        key("join")
        members(change.join)
        key("leave")
        beginArray()
        for user in change.leave { string(user.utf8.span) }
        endArray()
        endObject()
    }

    mutating func typing(_ room: RoomName, _ member: Member, isOn: Bool) {
        beginObject()
        self.room(room)
        self.member(member)
        key("on")
        boolean(isOn)
        endObject()
    }

    mutating func room(_ room: RoomName) {
        key("room")
        string(room.utf8.span)
    }

    /// `from` and `to`, both inclusive.
    mutating func range(_ range: ClosedRange<Offset>) {
        key("from")
        integer(range.lowerBound)
        key("to")
        integer(range.upperBound)
    }

    mutating func members(_ members: [Member]) {
        beginArray()
        for member in members {
            beginObject()
            self.member(member)
            endObject()
        }
        endArray()
    }

    /// `user` and `name`, in an object that is open.
    mutating func member(_ member: Member) {
        key("user")
        string(member.user.utf8.span)
        if let name = member.name {
            key("name")
            string(name)
        }
    }
}
