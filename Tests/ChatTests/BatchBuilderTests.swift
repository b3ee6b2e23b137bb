import Chat
import ChatProtocol
import Testing

@Suite("ordering.md §2: the batch builder")
struct BatchBuilderTests {
    private var builder = BatchBuilder()
    private var lastToken: UInt64 = 0

    private mutating func add(
        _ count: Int = 1, tenant: String = "default", room: String = "lobby", user: String = "ann",
        clientID: String? = nil, bytes: Int = 1
    ) throws {
        for _ in 0..<count {
            lastToken += 1
            let draft = Draft(
                token: lastToken, room: RoomKey(tenant: try TenantID(tenant), name: try RoomName(room)),
                user: try UserID(user), name: nil, clientID: try ClientID(clientID ?? "c\(lastToken)"),
                body: Array(repeating: UInt8(ascii: "1"), count: bytes))
            builder.add(draft, owner: lastToken * 10)
        }
    }

    private mutating func nextTokens() -> [UInt64] { builder.next().map(\.draft.token) }

    @Test("nothing waits: an empty batch")
    mutating func empty() {
        #expect(builder.isEmpty && builder.next().isEmpty)
    }

    @Test("a room's drafts leave in the order they came, each with its owner")
    mutating func order() throws {
        try add(5)
        let batch = builder.next()
        #expect(batch.map(\.draft.token) == [1, 2, 3, 4, 5])
        #expect(batch.map(\.owner) == [10, 20, 30, 40, 50])
        #expect(builder.isEmpty && builder.bodyBytes == 0)
    }

    @Test("a room gives 64 drafts at most, and goes on in the next batch where it stopped")
    mutating func roomLimit() throws {
        try add(150)
        try add(1, room: "garden")
        #expect(nextTokens().sorted() == Array(1...64) + [151])
        #expect(builder.count == 86)
        #expect(nextTokens() == Array(65...128))
        #expect(nextTokens() == Array(129...150))
        #expect(builder.isEmpty)
    }

    @Test("a batch has 256 drafts at most")
    mutating func draftLimit() throws {
        for room in 0..<10 { try add(30, room: "room-\(room)") }
        #expect(builder.next().count == 256)
        #expect(builder.next().count == 44)
    }

    @Test("a batch has 256 KiB of bodies at most; a larger draft goes alone")
    mutating func byteLimit() throws {
        for room in 0..<9 { try add(room: "room-\(room)", bytes: 32 * 1024) }
        #expect(builder.bodyBytes == 9 * 32 * 1024)
        #expect(builder.next().count == 8)
        try add(room: "huge", bytes: 300 * 1024)
        #expect(builder.next().count == 1)
        #expect(builder.bodyBytes == 300 * 1024)
        #expect(nextTokens() == [10])
        #expect(builder.isEmpty && builder.bodyBytes == 0)
    }

    @Test("tenants are drawn in turn: a flood does not hold up the others")
    mutating func tenantsInTurn() throws {
        for room in 0..<20 { try add(64, tenant: "loud", room: "room-\(room)") }
        try add(10, tenant: "quiet")
        let batch = builder.next()
        #expect(batch.count { $0.draft.room.tenant.description == "quiet" } == 10)
        #expect(batch.prefix(4).map(\.draft.room.tenant.description) == ["loud", "quiet", "loud", "quiet"])
    }

    @Test("two tenants' rooms of one name are two rooms")
    mutating func sameName() throws {
        try add(64, tenant: "left")
        try add(64, tenant: "right")
        #expect(builder.next().count == 128)
    }

    @Test("the same room, user and client id are never twice in a batch, and nothing overtakes the second")
    mutating func repeats() throws {
        try add(clientID: "same")
        try add(clientID: "same")
        try add(clientID: "later")
        try add(user: "bob", clientID: "same")
        try add(room: "garden", clientID: "same")
        #expect(nextTokens().sorted() == [1, 5])
        #expect(nextTokens() == [2, 3, 4])
        #expect(builder.isEmpty)
    }

    @Test("drafts that come while a room rests wait behind it")
    mutating func addsBehind() throws {
        try add(65)
        _ = builder.next()
        try add(1)
        #expect(nextTokens() == [65, 66])
    }

    @Test("everything at once: each room's drafts in their order, and nothing waits")
    mutating func removesAll() throws {
        for _ in 0..<50 {
            try add(room: "left")
            try add(tenant: "other", room: "right")
        }
        let items = builder.removeAll()
        #expect(
            items.filter { $0.draft.room.name.description == "left" }.map(\.draft.token)
                == Array(stride(from: 1, to: 100, by: 2)))
        #expect(items.count == 100 && builder.isEmpty && builder.bodyBytes == 0 && builder.next().isEmpty)
    }

    @Test("any traffic: every draft leaves once, rooms keep their order, limits hold")
    mutating func model() throws {
        var state: UInt64 = 42
        func random(_ bound: UInt64) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % bound)
        }
        var drawn: [RoomKey: [UInt64]] = [:]
        var left = 0
        while left < 5000 || !builder.isEmpty {
            if left < 5000 {
                let count = random(400)
                for _ in 0..<count {
                    try add(
                        tenant: "t\(random(3))", room: "r\(random(4))", clientID: "c\(random(300))",
                        bytes: 1 + random(3000))
                }
                left += count
            }
            let batch = builder.next()
            #expect(!batch.isEmpty || builder.isEmpty)
            #expect(batch.count <= 256 && batch.reduce(0) { $0 + $1.draft.body.count } <= 256 * 1024)
            #expect(
                Set(
                    batch.map {
                        [
                            $0.draft.room.tenant.description, $0.draft.room.name.description,
                            $0.draft.clientID.description,
                        ]
                    }
                ).count == batch.count)
            #expect(Dictionary(grouping: batch, by: \.draft.room).allSatisfy { $0.value.count <= 64 })
            for item in batch { drawn[item.draft.room, default: []].append(item.draft.token) }
        }
        #expect(drawn.values.allSatisfy { $0 == $0.sorted() })
        #expect(drawn.values.reduce(0) { $0 + $1.count } == Int(lastToken))
    }
}
