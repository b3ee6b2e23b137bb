import Testing

@testable import BrokerRedis

@Suite("Where Redis is")
struct RedisTargetTests {
    @Test("a URL names host, port, user, password and database, each but the host with a default")
    func parts() throws {
        let short = try #require(try RedisTarget("redis://cache").places.first)
        #expect((short.host, short.port, short.database) == ("cache", 6379, 0))
        #expect((short.user, short.password) == (nil, nil))
        let long = try #require(try RedisTarget("redis://ada:p%40ss%3A%2f@10.0.0.1:7000/3").places.first)
        #expect((long.host, long.port, long.database) == ("10.0.0.1", 7000, 3))
        #expect((long.user, long.password) == ("ada", "p@ss:/"))
        let only = try #require(try RedisTarget("redis://:secret@cache/").places.first)
        #expect((only.user, only.password) == (nil, "secret"))
    }

    @Test("an IPv6 address stands in brackets")
    func ipv6() throws {
        let place = try #require(try RedisTarget("redis://[::1]:7000").places.first)
        #expect((place.host, place.port) == ("::1", 7000))
        #expect(place.description == "redis://[::1]:7000")
        #expect(try RedisTarget("redis://[::1]").places.first?.port == 6379)
    }

    @Test("several URLs are a list in their order")
    func list() throws {
        let target = try RedisTarget("redis://a:1, redis://b:2")
        #expect(target.places.map(\.host) == ["a", "b"])
        #expect(target.description == "redis://a:1,redis://b:2")
    }

    @Test("a password is never shown")
    func masks() throws {
        let target = try RedisTarget("redis://ada:secret@a:1/2")
        #expect(target.description == "redis://ada:***@a:1/2")
    }

    @Test(
        "what is no address of Redis is refused with a sentence, which does not repeat it",
        arguments: [
            ("", RedisTargetError.Fault.noRedisURL), ("cache:6379", .noRedisURL),
            ("redis://a,", .noRedisURL), ("rediss://a", .wantsTLS), ("redis://a?db=1", .hasOptions),
            ("redis://a/x", .badDatabase), ("redis://a/-1", .badDatabase),
            ("redis://a/99999999999999999999", .badDatabase),
            ("redis://secret@a", .noPassword), ("redis://ada:@a", .noPassword),
            ("redis://ada:%zz@a", .badEscape), ("redis://ada:%+1@a", .badEscape),
            ("redis://ada:%ff@a", .badEscape), ("redis://ada:100%@a", .badEscape), ("redis://", .badHost),
            ("redis://:1", .badHost), ("redis://[::1", .badHost), ("redis://[::1]x", .badHost),
            ("redis://a b", .badHost), ("redis://a:", .badPort), ("redis://a:0", .badPort),
            ("redis://a:65536", .badPort), ("redis://a:+1", .badPort), ("redis://::1", .badHost),
        ])
    func refuses(_ text: String, _ fault: RedisTargetError.Fault) {
        #expect(throws: RedisTargetError(fault)) { try RedisTarget(text) }
        #expect(!RedisTargetError(fault).description.contains("secret"))
    }
}
