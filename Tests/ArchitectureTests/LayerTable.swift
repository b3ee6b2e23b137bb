/// What each module may import: Package.swift's floors, written down a second time on purpose, so that moving
/// a wall takes two edits and a reviewer.
struct LayerTable {
    /// One module of Sources.
    struct Module {
        var floor: Int
        /// Modules of ours, C modules among them.
        var layers: Set<String> = []
        /// Modules of packages.
        var packages: Set<String> = []
        /// Modules of the toolchain.
        var system: Set<String> = []
    }

    static let ground: Set<String> = [
        "Time", "Bytes", "Digest", "Random", "Networking", "Compression", "TLS",
    ]
    static let protocols: Set<String> = ["JSON", "HTTP1", "Proxies", "WebSocket", "ChatProtocol"]
    static let adapters: Set<String> = [
        "ArchiveThread", "ArchiveSQLite", "ArchivePostgres", "BrokerRedis", "TokensJWT",
    ]
    /// The kernel and the standard library's locks: floors 1, 4 and 5.
    static let kernel: Set<String> = ["Glibc", "Synchronization"]

    /// C modules: imported by `internal import` only, where this table says so. SwiftPM's import check does
    /// not see them.
    static let c: Set<String> = [
        "CLinux", "COpenSSL", "CZlib", "CSQLite", "CLibpq", "CHiredis", "CBrowserAssets",
    ]

    /// The house, floor by floor.
    static let modules: [String: Module] = [
        "Time": Module(floor: 1),
        "Bytes": Module(floor: 1, system: kernel),
        "Digest": Module(floor: 1, layers: ["COpenSSL"]),
        "Random": Module(floor: 1, system: kernel),
        "Networking": Module(floor: 1, layers: ["Bytes", "Time", "CLinux"], system: kernel),
        "Compression": Module(floor: 1, layers: ["Bytes", "CZlib"]),
        "TLS": Module(floor: 1, layers: ["Bytes", "Networking", "COpenSSL"], system: kernel),
        "JSON": Module(floor: 2, layers: ["Bytes"]),
        "HTTP1": Module(floor: 2, layers: ["Bytes"]),
        "Proxies": Module(floor: 2, layers: ["Bytes", "HTTP1"]),
        "WebSocket": Module(floor: 2, layers: ["Bytes", "HTTP1", "Digest", "Compression"]),
        "ChatProtocol": Module(floor: 2, layers: ["Bytes", "Time", "JSON"]),
        "Chat": Module(
            floor: 3, layers: ["Bytes", "ChatProtocol", "Time"], packages: ["DequeModule", "HeapModule"]),
        "ArchiveThread": Module(
            floor: 4, layers: ["Networking", "Time", "ChatProtocol", "Chat"], system: kernel),
        "ArchiveSQLite": Module(
            floor: 4, layers: ground.union(["Chat", "ArchiveThread", "ChatProtocol", "CSQLite"]),
            packages: ["DequeModule"], system: kernel),
        "ArchivePostgres": Module(
            floor: 4, layers: ground.union(["Chat", "ArchiveThread", "ChatProtocol", "JSON", "CLibpq"]),
            packages: ["DequeModule"], system: kernel),
        "BrokerRedis": Module(
            floor: 4, layers: ground.union(["Chat", "ChatProtocol", "CHiredis"]), packages: ["DequeModule"],
            system: kernel),
        "TokensJWT": Module(
            floor: 4, layers: ground.union(["Chat", "ChatProtocol", "JSON"]), packages: ["JWTKit"],
            system: kernel.union(["Foundation"])),
        "BrowserClient": Module(floor: 5, layers: ["CBrowserAssets"]),
        "Gateway": Module(
            floor: 5, layers: ground.union(protocols).union(adapters).union(["Chat", "BrowserClient"]),
            packages: ["DequeModule", "Logging"], system: kernel),
        "parley": Module(
            floor: 5,
            layers: [
                "Gateway", "ArchiveThread", "ArchiveSQLite", "ArchivePostgres", "TokensJWT", "Chat",
                "ChatProtocol", "Time",
            ],
            packages: ["ArgumentParser", "Yams", "Logging"],
            system: kernel.union(["Foundation"])),
    ]

    /// What a core may not say, with what it says instead. Time and randomness are parameters, waiting is the
    /// gateway's business.
    static let bannedInCores: [(word: String, instead: String)] = [
        ("Task", "return an effect; the gateway carries it out"),
        ("async", "take the fact as an input, answer with an effect"),
        ("await", "take the fact as an input, answer with an effect"),
        ("actor", "a core is confined to one loop; use a struct or a final class"),
        ("ContinuousClock", "take `at now: Moment` or `Instant` as a parameter"),
        ("SuspendingClock", "take `at now: Moment` or `Instant` as a parameter"),
        (".random(", "take randomness as a parameter"),
        (".randomElement(", "take randomness as a parameter"),
        (".shuffle(", "take randomness as a parameter"),
        (".shuffled(", "take randomness as a parameter"),
        ("SystemRandomNumberGenerator", "take randomness as a parameter"),
    ]
}
