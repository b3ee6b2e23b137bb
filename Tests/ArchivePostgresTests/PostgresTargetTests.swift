import Testing

@testable import ArchivePostgres

@Suite("the address of a Postgres archive")
struct PostgresTargetTests {
    @Test(
        "what is written is understood",
        arguments: [
            (
                "postgres://ann:s%40cret@db:6432/chat?sslmode=require",
                "postgres://ann:***@db:6432/chat?sslmode=require"
            ),
            ("postgresql://db", "postgres://db/"),
            ("postgres://ann@[::1]:5432/chat", "postgres://ann@::1/chat"),
            ("postgres://a,b:6000/chat", "postgres://a,b:6000/chat"),
            ("postgres:///chat?host=/run/pg&user=ann&password=x", "postgres://ann:***@/run/pg/chat"),
        ])
    func reads(_ url: String, _ description: String) throws {
        let target = try PostgresTarget(url)
        #expect("\(target)" == description)
        #expect(target == (try PostgresTarget(url)))
    }

    @Test("the hosts are listed with their ports")
    func hosts() throws {
        let several = try PostgresTarget("postgres://a:1,b,c:3/d").hosts
        #expect(several.map(\.name) == ["a", "b", "c"] && several.map(\.port) == [1, 5432, 3])
        let none = try PostgresTarget("postgres:///d").hosts
        #expect(none.count == 1 && none[0].name == nil && none[0].port == 5432)
    }

    @Test(
        "what is not understood ends in a sentence that says what to write, and holds no password",
        arguments: [
            "", "db", "redis://db", "postgres://ann:secret@db:port/chat", "postgres://ann:secret%zz@db/chat",
            "postgres://ann:secret@db/chat?nonsense=1", "postgres://ann:secret@db:70000/chat",
            "postgres://ann:secret@[::1/chat", "postgres://ann:secret@db/chat?sslmode",
            "postgres://ann:secret@db/chat?hostaddr=10.0.0.1",
            "postgres://ann:secret@/chat?host=a,b&port=1,2,3", "postgres://ann:1234/secret@db/chat",
            "postgres://ann:secret@secret@db/chat", "postgres://ann:12?secret@db/chat",
            "postgres://ann:12#secret@db/chat", "postgres://ann/secret:5@db/chat",
        ])
    func refuses(_ url: String) {
        let error = #expect(throws: PostgresTargetError.self) { try PostgresTarget(url) }
        let sentence = error?.description ?? ""
        #expect(sentence.contains("write") && sentence.hasSuffix(".") && !sentence.contains("secret"))
    }
}
