import Chat
import ChatProtocol
import Testing

@testable import ArchivePostgres

@Suite("The numbers of rooms")
struct RoomCacheTests {
    private let one = ArchiveGeneration(number: 1)

    @Test("another generation forgets all rooms: their numbers may be others'")
    func forgetsWithTheGeneration() throws {
        let cache = RoomCache()
        #expect(cache.adopt(one))
        cache.add(try room(), id: 7)
        #expect(cache.adopt(one))
        #expect(try cache.id(of: room()) == 7)
        #expect(!cache.adopt(ArchiveGeneration(number: 2)))
        #expect(try cache.id(of: room()) == nil)
    }

    @Test("a full cache begins anew with what is added")
    func staysBounded() throws {
        let cache = RoomCache(limit: 3)
        for number in 1...4 { cache.add(try room("\(number)"), id: Int64(number)) }
        #expect(try cache.id(of: room("4")) == 4)
        #expect(try cache.id(of: room("1")) == nil)
    }

    @Test("after clear nothing is believed")
    func clears() throws {
        let cache = RoomCache()
        #expect(cache.adopt(one))
        cache.add(try room(), id: 7)
        cache.clear()
        #expect(cache.generation == nil)
        #expect(try cache.id(of: room()) == nil)
        #expect(cache.adopt(ArchiveGeneration(number: 2)))
    }

    @Test("a room takes the same lane always, and rooms spread over all of them")
    func spreads() throws {
        var rooms = [0, 0, 0, 0]
        for number in 0..<1000 {
            let room = try room("room-\(number)")
            #expect(room.lane(of: 4) == room.lane(of: 4))
            rooms[room.lane(of: 4)] += 1
        }
        #expect(rooms.allSatisfy { $0 > 200 })
        // Never another one, whatever the process: lanes of two versions must agree on nothing, a room's with
        // itself on everything.
        #expect(try room("lobby").lane(of: 1) == 0)
    }
}
