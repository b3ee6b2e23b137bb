import ChatProtocol
import Testing
import Time

@testable import Chat

@Suite("A room's subscriptions")
struct RoomTests {
    private let room = Room(key: .lobby, kind: .stored, limits: Limits())

    private func key(_ slot: UInt32) -> SessionKey { SessionKey(slot: slot, generation: 1) }

    private func add(_ slot: UInt32, _ events: RoomEvents = .all, serial: UInt64 = 1) {
        room.add(
            Subscription(session: key(slot), user: "ann", serial: serial, wanted: events, events: events))
    }

    @Test("who goes live gets publications once, whatever goes live again")
    func live() {
        add(1)
        #expect(room.live.isEmpty)
        room.goLive(key(1))
        room.goLive(key(1))
        room.goLive(key(9))
        #expect(room.live == [key(1)])
    }

    @Test("sessions come and go in any order, and the lists stay true")
    func churn() {
        for slot: UInt32 in 1...6 {
            add(slot)
            room.goLive(key(slot))
        }
        #expect(room.remove(key(1))?.session == key(1))
        #expect(room.remove(key(1)) == nil)
        room.suspend(key(6), as: .behind(3))
        #expect(room.remove(key(4)) != nil)
        #expect(Set(room.live) == [key(2), key(3), key(5)])
        room.goLive(key(6))
        add(2)
        #expect(Set(room.live) == [key(3), key(5), key(6)], "who joins anew is not live before the answer")
        #expect(Set(room.subscriptions.map(\.session)) == [key(2), key(3), key(5), key(6)])
        for subscription in room.subscriptions {
            #expect(room.subscription(of: subscription.session)?.session == subscription.session)
            if case .live(let place) = subscription.state {
                #expect(room.live[place] == subscription.session)
            }
        }
    }

    @Test("joining anew takes the place of the former subscription")
    func rejoin() {
        add(1, serial: 1)
        add(1, serial: 2)
        #expect(room.subscriptions.count == 1 && room.subscription(of: key(1))?.serial == 2)
    }

    @Test("who declined a kind of push is left out of it, also after joining anew and for others' sake")
    func audience() {
        add(1)
        add(2, .typing)
        add(3, [])
        for slot: UInt32 in 1...3 { room.goLive(key(slot)) }
        #expect(room.audience(for: .presence) == [key(1)])
        #expect(room.audience(for: .typing) == [key(1), key(2)])
        _ = room.remove(key(3))
        add(2)
        room.goLive(key(2))
        #expect(Set(room.audience(for: .presence)) == [key(1), key(2)])
    }

    @Test("positions are judged only in an open room that neither pauses nor reads its state")
    func settled() {
        #expect(!room.isOpen && !room.isSettled)
        var accepted: [Publication] = []
        let state = RoomState(generation: ArchiveGeneration(number: 1), id: 1, forks: [], first: 1, head: 0)
        room.sequence.open(ArchivePage(state: state, publications: []), accepted: &accepted)
        #expect(room.isOpen && room.isSettled)
        room.isReadingState = true
        #expect(!room.isSettled)
        room.isReadingState = false
        room.sequence.pause()
        #expect(room.isOpen && !room.isSettled)
        #expect(Room(key: .lobby, kind: .ephemeral, limits: Limits()).isSettled)
    }

    @Test("what a session may have of the pushes it wants can change, and never becomes more than it wants")
    func allow() {
        add(1)
        add(2, [.typing])
        for slot: UInt32 in 1...2 { room.goLive(key(slot)) }
        for slot: UInt32 in 1...3 { room.allow(key(slot)) { $0.subtracting(.presence) } }
        #expect(room.audience(for: .presence) == [] && room.audience(for: .typing).count == 2)
        for slot: UInt32 in 1...2 { room.allow(key(slot)) { $0 } }
        #expect(room.audience(for: .presence) == [key(1)])
        _ = room.remove(key(2))
        #expect(room.audience(for: .presence) == [key(1)])
    }
}
