/// What the doors have to be told: certificates, proxies, compression, and how many may come in.
extension ConfigurationOption {
    static let securing: [ConfigurationOption] = [
        .init(
            key: "tlsCert", hasFlag: true, type: .list, fallback: "",
            sentence:
                """
                A PEM file with a certificate and those that lead to its root; give it again for more. The \
                first whose names hold what a client asks for is shown, else the first of all.
                """),
        .init(
            key: "tlsKey", hasFlag: true, type: .list, fallback: "",
            sentence: "The PEM files with their private keys, in the same order."),
    ]

    static let network: [ConfigurationOption] = [
        limit(
            "network.readBytes", 1...1_048_576, 65_536,
            "How much is read from a connection at once; 1 lets a conformance suite split everything.")
    ]

    static let transportSecurity: [ConfigurationOption] = [
        .init(
            key: "tls.minimumVersion", hasFlag: false, type: .choice(["1.2", "1.3"]), fallback: "1.2",
            sentence: "The oldest version of TLS that is spoken."),
        .init(
            key: "tls.clientCa", hasFlag: false, type: .text, fallback: "",
            sentence: "A PEM file with the authorities whose certificates clients show."),
        .init(
            key: "tls.clientCertificate", hasFlag: false, type: .choice(["required", "optional"]),
            fallback: "required",
            sentence: "Whether a client without a certificate of theirs is refused."),
    ]

    static let proxying: [ConfigurationOption] = [
        .init(
            key: "proxies.trusted", hasFlag: false, type: .list, fallback: "",
            sentence:
                """
                Addresses and ranges (10.0.0.0/8, fd00::/8) of proxies in front of this server, who are \
                believed when they say whose connection it is. Nobody else is.
                """),
        .init(
            key: "proxies.header", hasFlag: false, type: .choice(["x-forwarded-for", "forwarded", "none"]),
            fallback: "x-forwarded-for",
            sentence: "The field in which they say it; the other one is never read."),
        .init(
            key: "proxies.protocol", hasFlag: false, type: .flag, fallback: "false",
            sentence:
                "Whether connections of trusted proxies begin with a PROXY header, version 1 or 2."),
    ]

    static let compressing: [ConfigurationOption] = [
        .init(
            key: "compression.enabled", hasFlag: false, type: .flag, fallback: "true",
            sentence: "Whether WebSocket messages are compressed for clients that offer it (RFC 7692)."),
        .init(
            key: "compression.contextTakeover", hasFlag: false, type: .flag, fallback: "false",
            sentence:
                """
                Whether each session keeps what it has seen to compress better: more memory for each, and \
                each publication is compressed anew for each.
                """),
        limit(
            "compression.minimumBytes", 0...16_777_216, 1_024,
            "Messages smaller than this are sent as they are."),
        limit(
            "compression.level", 1...9, 6, "How hard is tried: 1 is fastest, 9 smallest."),
        limit(
            "compression.windowBits", 9...15, 15,
            "How far back repetitions are looked for: the power of two of so many bytes."),
        limit(
            "compression.memoryLevel", 1...9, 8,
            "How much memory a compressor takes beside its window: 1 least, 9 most."),
    ]

    static let guarding: [ConfigurationOption] = [
        limit(
            "limits.connections", 0...10_000_000, 0,
            "How many connections the process takes; 0 is as many as its file descriptors allow."),
        limit(
            "limits.connectionsPerAddress", 0...10_000_000, 1_000,
            "How many of them one address may have, an IPv6 network of 64 bits counted as one; 0 is any."),
        limit(
            "limits.handshakesPerSecond", 0...1_000_000, 2_000,
            "How many connections become WebSockets in a second, over a longer time; 0 is any."),
        limit(
            "limits.handshakeBurst", 1...1_000_000, 4_000,
            "How many become WebSockets at once after a quiet time."),
        limit(
            "limits.handshakesPerAddress", 0...1_000_000, 100,
            "How many connections of one address become WebSockets in a second; 0 is any."),
        limit(
            "limits.handshakeAddressBurst", 1...1_000_000, 1_000,
            "How many of one address become WebSockets at once after a quiet time."),
        limit(
            "limits.handshakeMs", 100...600_000, 10_000,
            "So long a TLS handshake or a PROXY header may take."),
    ]
}
