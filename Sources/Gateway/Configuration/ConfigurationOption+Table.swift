extension ConfigurationOption {
    /// Every option there is, in the order in which it is told.
    package static let all: [ConfigurationOption] =
        serving + securing + keeping + believing + logging + network + transportSecurity + proxying
        + compressing
        + guarding + limiting

    private static let serving: [ConfigurationOption] = [
        .init(
            key: "listen", hasFlag: true, type: .list, fallback: "127.0.0.1:8080",
            sentence:
                """
                Where to listen: ADDRESS:PORT, IPv6 in brackets; give it again for more addresses. With a \
                certificate TLS is spoken there, unless http:// stands before it.
                """),
        .init(
            key: "workers", hasFlag: true, type: .integer(0...256), fallback: "0",
            sentence: "How many event loops; 0 is one per core."),
        .init(
            key: "diagnostics", hasFlag: true, type: .flag, fallback: "false",
            sentence:
                "Open /echo, a bare WebSocket echo for conformance suites and load tools; not for production."
        ),
    ]

    private static let keeping: [ConfigurationOption] = [
        .init(
            key: "archive", hasFlag: true, type: .text, fallback: "sqlite:parley.db", holdsPassword: true,
            sentence:
                """
                Where conversations are kept: postgres://USER:PASSWORD@HOST:PORT/DATABASE, which many \
                instances share, sqlite:FILE for one, or memory: to forget them at the end.
                """),
        .init(
            key: "broker", hasFlag: true, type: .text, fallback: "memory:", holdsPassword: true,
            sentence:
                """
                What carries news to other instances: redis://USER:PASSWORD@HOST:PORT, more of them behind \
                commas to fail over to, or memory: for none. Without it they learn of stored publications \
                from Postgres, a little later; typing, rosters and ephemeral rooms stay apart.
                """),
        .init(
            key: "rooms", hasFlag: false, type: .table(example: #"{"live:": {kind: ephemeral}}"#),
            fallback: "",
            sentence:
                """
                What rooms are, by the longest matching prefix of their names: stored, which holds without \
                it, or ephemeral.
                """),
    ]

    private static let believing: [ConfigurationOption] = [
        .init(
            key: "secretFile", hasFlag: true, type: .text, fallback: "",
            sentence:
                "A file with the secret of HS256 tokens, of at least 32 bytes; see docs/tokens.md."),
        .init(
            key: "jwks", hasFlag: true, type: .text, fallback: "",
            sentence:
                "A file with the key set (JWKS) of tokens that somebody else signs; see docs/tokens.md."),
        .init(
            key: "tokens.claims", hasFlag: false, type: .table(example: "{user: userId, tenant: org}"),
            fallback: "",
            sentence:
                """
                What tokens call user, tenant, name and rooms, where it is not sub, tenant, name and rooms; \
                a tenant named here must stand in every token. See docs/tokens.md.
                """),
        .init(
            key: "insecure", hasFlag: true, type: .flag, fallback: "false",
            sentence: "Serve on an address that others can reach, although anyone may say to be anyone."),
        .init(
            key: "allowedOrigins", hasFlag: false, type: .list, fallback: "",
            sentence: "Origins of pages that may use this server beside its own, such as https://example.org."
        ),
    ]

    private static let logging: [ConfigurationOption] = [
        .init(
            key: "logLevel", hasFlag: true,
            type: .choice(["trace", "debug", "info", "notice", "warning", "error", "critical"]),
            fallback: "info",
            sentence: "What is logged: this level and worse."),
        .init(
            key: "logFormat", hasFlag: true, type: .choice(["text", "json"]), fallback: "text",
            sentence: "How it is logged: for people or for machines."),
    ]

    static func limit(
        _ key: String, _ range: ClosedRange<Int>, _ fallback: Int, _ sentence: String
    ) -> ConfigurationOption {
        .init(
            key: key, hasFlag: false, type: .integer(range), fallback: String(fallback), sentence: sentence)
    }

    private static let limiting: [ConfigurationOption] = [
        limit("limits.messageBytes", 1_024...16_777_216, 65_536, "The largest WebSocket message."),
        limit(
            "limits.bodyBytes", 64...8_388_608, 32_768,
            "The largest body of a publication; at most limits.messageBytes less 1,024."),
        limit("limits.roomsPerSession", 1...10_000, 200, "How many rooms one session may be in."),
        limit(
            "limits.outstanding", 1...10_000, 256,
            "How many commands of a session may be under way at once."),
        limit(
            "limits.queueBytes", 65_536...268_435_456, 1_048_576,
            "How much is queued for a session that reads slowly before it loses pushes."),
        limit(
            "limits.allQueuesBytes", 1_048_576...68_719_476_736, 268_435_456,
            "How much is queued for all sessions of a worker before the slowest are dropped."),
        limit(
            "limits.pagePublications", 1...1_000, 500, "How many publications one reply carries at most."),
        limit(
            "limits.connectMs", 100...600_000, 10_000, "So long a WebSocket may stay without connect."),
        limit(
            "limits.slowMs", 1_000...3_600_000, 30_000,
            "So long a session may stay over its queue limit before it is closed."),
        limit(
            "limits.draftMs", 1_000...60_000, 10_000,
            "So long a draft waits for the archive before its sender is told unavailable."),
        limit(
            "limits.messageMs", 100...3_600_000, 30_000,
            "So long a WebSocket message may take from its first byte to its last, in however many frames."),
        limit(
            "limits.messagesPerSecond", 1...1_000_000, 500,
            "How many commands a session may send in a second, over a longer time."),
        limit(
            "limits.messageBurst", 1...1_000_000, 2_000,
            "How many commands a session that was quiet may send at once."),
        limit(
            "limits.controlsPerSecond", 1...1_000_000, 50,
            "How many pings, pongs, empty frames and fragments below 16 bytes a session may send in a second."
        ),
        limit(
            "limits.controlBurst", 1...1_000_000, 1_000,
            "How many of those a session that was quiet may send at once."),
        limit(
            "heartbeat.pingMs", 1_000...3_600_000, 25_000,
            "After this long without a byte from a client the server asks whether it is there."),
        limit("heartbeat.pongMs", 1_000...3_600_000, 20_000, "So long a client has to answer."),
        limit(
            "http.headerMs", 100...600_000, 10_000,
            "So long the head of an HTTP request may take from its first byte to its last."),
        limit(
            "http.headerBytes", 1_024...1_048_576, 16_384,
            "The largest head of an HTTP request; half of it for the request line."),
        limit(
            "http.requestMs", 100...600_000, 10_000,
            "So long an HTTP request may take from its first byte to its last, head and body."),
        limit(
            "http.idleMs", 100...3_600_000, 75_000, "So long an HTTP connection may wait between requests."),
        limit(
            "http.answerMs", 100...600_000, 30_000,
            "So long a peer that reads none of its HTTP answers is waited for."),
    ]
}
