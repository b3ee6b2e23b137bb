import JSON
import Time

/// The shapes that replies and pushes are made of.
extension JSONWriter {
    mutating func answer(_ answer: Answer) {
        switch answer {
        case .done:
            beginObject()
            endObject()
        case .pong(let time):
            beginObject()
            key("time")
            integer(time.milliseconds)
            endObject()
        case .connected(let connected): self.connected(connected)
        case .joined(let joined): self.joined(joined)
        case .published(let published): self.published(published)
        case .history(let page): historyPage(page)
        case .presence(let snapshot): rosterSnapshot(snapshot)
        case .rooms(let page): roomsPage(page)
        case .refreshed(let refreshed): self.refreshed(refreshed)
        }
    }

    mutating func error(_ error: ErrorReply) {
        beginObject()
        key("code")
        integer(Int64(error.code.rawValue))
        key("name")
        string(error.code.name)
        key("message")
        string(error.message)
        if let retryAfterMs = error.retryAfterMs {
            key("retryAfterMs")
            integer(Int64(retryAfterMs))
        }
        endObject()
    }

    private mutating func connected(_ connected: Connected) {
        beginObject()
        key("session")
        string(connected.session)
        member(Member(user: connected.user, name: connected.name))
        key("serverTime")
        integer(connected.serverTime.milliseconds)
        expiry(connected.expiresAt)
        key("pingMs")
        integer(Int64(connected.pingMs))
        key("pongMs")
        integer(Int64(connected.pongMs))
        key("limits")
        limits(connected.limits)
        key("reconnect")
        beginObject()
        key("minMs")
        integer(Int64(connected.reconnect.minMs))
        key("maxMs")
        integer(Int64(connected.reconnect.maxMs))
        endObject()
        key("rooms")
        beginArray()
        for outcome in connected.rooms {
            switch outcome {
            case .joined(let joined): self.joined(joined)
            case .refused(let room, let error):
                beginObject()
                self.room(room)
                key("error")
                self.error(error)
                endObject()
            }
        }
        endArray()
        endObject()
    }

    private mutating func limits(_ limits: AnnouncedLimits) {
        beginObject()
        key("messageBytes")
        integer(Int64(limits.messageBytes))
        key("bodyBytes")
        integer(Int64(limits.bodyBytes))
        key("roomsPerSession")
        integer(Int64(limits.roomsPerSession))
        key("outstanding")
        integer(Int64(limits.outstanding))
        key("outstandingReads")
        integer(Int64(limits.outstandingReads))
        key("queueBytes")
        integer(Int64(limits.queueBytes))
        key("pagePublications")
        integer(Int64(limits.pagePublications))
        key("pageBytes")
        integer(Int64(limits.pageBytes))
        key("retryWindowMs")
        integer(Int64(limits.retryWindowMs))
        key("messagesPerSecond")
        integer(Int64(limits.messagesPerSecond))
        key("messageBurst")
        integer(Int64(limits.messageBurst))
        key("messageMs")
        integer(Int64(limits.messageMs))
        key("controlsPerSecond")
        integer(Int64(limits.controlsPerSecond))
        key("controlBurst")
        integer(Int64(limits.controlBurst))
        endObject()
    }

    private mutating func joined(_ joined: Joined) {
        beginObject()
        room(joined.room)
        key("kind")
        string(joined.kind.rawValue)
        if let epoch = joined.epoch {
            key("epoch")
            string(epoch.description)
        }
        if let head = joined.head {
            key("head")
            integer(head)
        }
        key("recovered")
        boolean(joined.recovered)
        if let gap = joined.gap {
            key("gap")
            beginObject()
            range(gap)
            endObject()
        }
        if joined.more {
            key("more")
            boolean(true)
        }
        publications(joined.publications)
        endObject()
    }

    private mutating func refreshed(_ refreshed: Refreshed) {
        beginObject()
        member(Member(user: refreshed.user, name: refreshed.name))
        expiry(refreshed.expiresAt)
        key("left")
        beginArray()
        for room in refreshed.left { string(room.utf8.span) }
        endArray()
        endObject()
    }

    private mutating func expiry(_ time: WallTime?) {
        guard let time else { return }
        key("expiresAt")
        integer(time.milliseconds)
    }

    private mutating func published(_ published: Published) {
        beginObject()
        if let position = published.position {
            key("epoch")
            string(position.epoch.description)
            key("offset")
            integer(position.offset)
        }
        key("time")
        integer(published.time.milliseconds)
        if published.isRepeat {
            key("repeat")
            boolean(true)
        }
        endObject()
    }

    private mutating func historyPage(_ page: HistoryPage) {
        beginObject()
        room(page.room)
        stream(page.epoch, page.head)
        key("more")
        boolean(page.more)
        publications(page.publications)
        endObject()
    }

    private mutating func rosterSnapshot(_ snapshot: RosterSnapshot) {
        beginObject()
        room(snapshot.room)
        key("version")
        integer(snapshot.version)
        key("count")
        integer(Int64(snapshot.count))
        key("members")
        members(snapshot.members)
        endObject()
    }

    private mutating func roomsPage(_ page: RoomsPage) {
        beginObject()
        key("rooms")
        beginArray()
        for summary in page.rooms {
            beginObject()
            room(summary.room)
            stream(summary.epoch, summary.head)
            if let last = summary.last {
                key("last")
                publication(last, withRoom: false, withEpoch: false)
            }
            endObject()
        }
        endArray()
        key("more")
        boolean(page.more)
        endObject()
    }

    private mutating func publications(_ publications: [Publication]) {
        key("publications")
        beginArray()
        for publication in publications { self.publication(publication, withRoom: false, withEpoch: false) }
        endArray()
    }

    private mutating func stream(_ epoch: Epoch, _ head: Offset) {
        key("epoch")
        string(epoch.description)
        key("head")
        integer(head)
    }
}
