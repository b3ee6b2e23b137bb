import Chat
import ChatProtocol
import Testing

extension ArchiveContract {
    static let membershipCases = [
        ArchiveCase("rooms lists what the user is remembered to be in, in byte order, page by page") {
            bench in
            let archive = try bench.endpoint()
            let ann = UserKey(tenant: .default, user: try UserID("ann"))
            for name in ["b", "a", "é", "Z", "a:1", "gone"] {
                archive.remember(ann, in: try RoomName(name), joined: true)
                archive.remember(ann, in: try RoomName(name), joined: true)
            }
            archive.remember(ann, in: try RoomName("gone"), joined: false)
            archive.remember(ann, in: try RoomName("never"), joined: false)
            let all = try bench.rooms(of: ann, in: archive)
            #expect(all.rooms.map(\.room.description) == ["Z", "a", "a:1", "b", "é"] && !all.more)
            let first = try bench.rooms(of: ann, limit: 2, in: archive)
            #expect(first.rooms.map(\.room.description) == ["Z", "a"] && first.more)
            let second = try bench.rooms(of: ann, after: "a", limit: 2, in: archive)
            #expect(second.rooms.map(\.room.description) == ["a:1", "b"] && second.more)
            let last = try bench.rooms(of: ann, after: "b", limit: 1, in: archive)
            #expect(last.rooms.map(\.room.description) == ["é"] && !last.more)
            #expect(try bench.rooms(of: ann, after: "é", in: archive) == RoomsPage(rooms: [], more: false))
        },
        ArchiveCase("a listed room tells its head and its last publication") { bench in
            let archive = try bench.endpoint()
            let ann = UserKey(tenant: .default, user: try UserID("ann"))
            let (full, empty) = (try bench.room("full"), try bench.room("empty"))
            archive.remember(ann, in: full.name, joined: true)
            archive.remember(ann, in: empty.name, joined: true)
            try bench.store(bench.drafts(full, "a", count: 4), in: archive)
            let rooms = try bench.rooms(of: ann, in: archive).rooms
            try #require(rooms.count == 2)
            #expect(rooms[0].room == empty.name && rooms[0].head == 0 && rooms[0].last == nil)
            let page = try bench.open(full, tail: 1, in: archive)
            #expect(
                rooms[1].head == 4 && rooms[1].last == page.publications.last
                    && rooms[1].epoch == page.state.epoch)
        },
        ArchiveCase("memberships of users and tenants are apart") { bench in
            let archive = try bench.endpoint()
            let tenant = try TenantID("other")
            let users = [
                UserKey(tenant: .default, user: try UserID("ann")),
                UserKey(tenant: tenant, user: try UserID("ann")),
                UserKey(tenant: .default, user: try UserID("bob")),
            ]
            archive.remember(users[0], in: try RoomName("lobby"), joined: true)
            archive.remember(users[1], in: try RoomName("lobby"), joined: true)
            archive.remember(users[1], in: try RoomName("lobby"), joined: false)
            try bench.store([bench.draft(bench.room("lobby", tenant: tenant), "c1")], in: archive)
            let pages = try users.map { try bench.rooms(of: $0, in: archive).rooms }
            #expect(pages.map(\.count) == [1, 0, 0])
            #expect(pages[0].first?.head == 0, "the other tenant's lobby has one publication")
        },
        ArchiveCase("a restart keeps memberships", needsRestart: true) { bench in
            let ann = UserKey(tenant: .default, user: try UserID("ann"))
            let archive = try bench.endpoint()
            archive.remember(ann, in: try RoomName("lobby"), joined: true)
            let before = try bench.rooms(of: ann, in: archive)
            try bench.restart()
            #expect(before.rooms.count == 1)
            #expect(try bench.rooms(of: ann, in: bench.endpoint()) == before)
        },
    ]
}
