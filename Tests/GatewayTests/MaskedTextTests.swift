import Testing

@testable import Gateway

@Suite("MaskedText: a password is shown to nobody, wherever it was put")
struct MaskedTextTests {
    @Test(
        "what may be shown stays as it is",
        arguments: [
            "", "memory:", "sqlite:a:b.db", "postgres://db/chat", "postgres://ada@db:5432/chat",
            "postgres://db:5432,db2:5433/chat?sslmode=require", "redis://[::1]:6379", "redis://a,redis://b:2",
        ])
    func keeps(_ text: String) { #expect(MaskedText(text).description == text) }

    @Test(
        "what may not is three stars",
        arguments: [
            ("postgres://ada:secret@db/chat", "postgres://ada:***@db/chat"),
            ("postgres://ada:se:c@re/t?#@db/chat", "postgres://ada:***@db/chat"),
            ("postgres://ada:secret", "postgres://ada:***"),
            ("postgres://ada:secret/chat", "postgres://ada:***"),
            ("postgres://db/chat?user=a&password=secret&x=1", "postgres://db/chat?user=a&password=***&x=1"),
            ("postgres://db/?password=a&sslpassword=b", "postgres://db/?password=***&sslpassword=***"),
            ("host=db password='a secret' user=ada", "host=db password=***"),
            ("redis://:secret@a,redis://u:secret@b:1/2", "redis://:***@a,redis://u:***@b:1/2"),
            ("redis://:sec,ret@a", "redis://:***@a"),
            ("postgres//ada:secret@db", "***@db"), ("postgres:/ada:secret@db/x", "***@db/x"),
            (":secret@db", "***@db"), ("sqlite:a:b@c.db", "***@c.db"),
        ])
    func masks(_ text: String, _ shown: String) { #expect(MaskedText(text).description == shown) }
}
