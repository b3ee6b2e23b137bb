// swift-tools-version: 6.2
// The architecture is this file: five floors, imports only downward. `Tests/ArchitectureTests` holds every
// `import` line of the tree against it.
import Foundation
import PackageDescription

/// `PARLEY_CORES=1` leaves out floors 4 and 5, but for the broker that the fuzzers need, and every package
/// but swift-collections: what the sanitizers and the fuzzers build.
let coresOnly = ProcessInfo.processInfo.environment["PARLEY_CORES"] == "1"
/// `FUZZ=1` adds the fuzz targets; they link libFuzzer and build with nothing else.
let fuzzing = ProcessInfo.processInfo.environment["FUZZ"] == "1"

let collections = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let heap = Target.Dependency.product(name: "HeapModule", package: "swift-collections")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let jwt = Target.Dependency.product(name: "JWTKit", package: "jwt-kit")
let histogram = Target.Dependency.product(name: "Histogram", package: "hdrhistogram-swift")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

// 1. Ground: bytes, time and the kernel.
var targets: [Target] = [
    .target(name: "CLinux"),
    .systemLibrary(name: "COpenSSL", pkgConfig: "libssl libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .layer("Time"),
    .layer("Bytes"),
    .layer("Digest", on: ["COpenSSL"]),
    .layer("Random"),
    .layer("Networking", on: ["Bytes", "Time", "CLinux"]),
    .layer("Compression", on: ["Bytes", "CZlib"]),
    .layer("TLS", on: ["Bytes", "Networking", "COpenSSL"]),
]
// 2. Protocols: no I/O, no clock, no threads.
targets += [
    .layer("JSON", on: ["Bytes"]),
    .layer("HTTP1", on: ["Bytes"]),
    .layer("Proxies", on: ["Bytes", "HTTP1"]),
    .layer("WebSocket", on: ["Bytes", "HTTP1", "Digest", "Compression"]),
    .layer("ChatProtocol", on: ["Bytes", "Time", "JSON"]),
]
// 3. The chat: no I/O, no clock, no threads.
targets += [
    .layer("Chat", on: ["Bytes", "ChatProtocol", "Time"], packages: [collections, heap])
]
// 4 and 5. Adapters, and the assembly. What reads Redis's replies is fuzzed, so it is always built.
targets += [
    // Its pkg-config file names a flag that SwiftPM warns of.
    .systemLibrary(name: "CHiredis", providers: [.apt(["libhiredis-dev"])]),
    .layer("BrokerRedis", on: .ground + .chat + ["ChatProtocol", "CHiredis"], packages: [collections]),
]
if !coresOnly {
    targets += [
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CLibpq", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .layer("ArchiveThread", on: ["Networking", "Time", "ChatProtocol"] + .chat),
        .layer(
            "ArchiveSQLite", on: .ground + .chat + ["ArchiveThread", "ChatProtocol", "CSQLite"],
            packages: [collections]),
        .layer(
            "ArchivePostgres", on: .ground + .chat + ["ArchiveThread", "ChatProtocol", "JSON", "CLibpq"],
            packages: [collections]),
        .layer("TokensJWT", on: .ground + .chat + ["ChatProtocol", "JSON"], packages: [jwt]),
        .target(name: "CBrowserAssets"),
        .layer("BrowserClient", on: ["CBrowserAssets"]),
        .layer(
            "Gateway",
            on: .ground + .protocols + .chat + .adapters + ["BrowserClient"],
            packages: [collections, logging]),
        .testTarget(name: "BrowserAssetsTests", dependencies: ["BrowserClient"], swiftSettings: .house),
        .executableTarget(
            name: "parley",
            dependencies: [
                "Gateway", "ArchiveThread", "ArchiveSQLite", "ArchivePostgres", "TokensJWT", "Chat",
                "ChatProtocol", "Time", arguments, yams, logging,
            ],
            swiftSettings: .house),
        .executableTarget(
            name: "LoadTest",
            dependencies: .ground + .protocols + [collections, arguments, histogram],
            path: "loadtest/Sources/LoadTest", swiftSettings: .house),
    ]
}
// Tests mirror the sources, a folder a target.
targets += [
    .target(
        name: "ArchiveContract", dependencies: ["Chat", "ChatProtocol"], path: "Tests/ArchiveContract",
        swiftSettings: .house),
    .target(
        name: "TestKit", dependencies: .ground + .protocols + .chat, path: "Tests/TestKit",
        swiftSettings: .house),
    .tests(of: "Time"), .tests(of: "Bytes"), .tests(of: "Digest"), .tests(of: "Random"),
    .tests(of: "Networking"), .tests(of: "Compression"), .tests(of: "TLS"), .tests(of: "Proxies"),
    .tests(of: "JSON"), .tests(of: "HTTP1"), .tests(of: "WebSocket"), .tests(of: "ChatProtocol"),
    .target(
        name: "BrokerContract", dependencies: ["Chat", "ChatProtocol", "Time"], path: "Tests/BrokerContract",
        swiftSettings: .house),
    .tests(of: "Chat", on: ["ArchiveContract", "BrokerContract"]),
    .testTarget(
        name: "SimulationTests", dependencies: ["TestKit", "Chat", "ChatProtocol", "Time"],
        swiftSettings: .house),
]
// The fuzzers: their targets are always built, so that a plain test run replays the seeds.
targets += [
    .target(
        name: "FuzzTargets", dependencies: .ground + .protocols + .chat + ["BrokerRedis"],
        path: "Tests/FuzzTargets", swiftSettings: .house),
    .tests(of: "FuzzTargets"),
]
if fuzzing {
    targets.append(
        .executableTarget(
            name: "Fuzz", dependencies: ["FuzzTargets"], path: "Tests/Fuzz",
            exclude: ["Corpus", "Dictionaries"],
            swiftSettings: .house))
}
if !coresOnly {
    targets += [
        // Real Postgres and Redis servers for the tests, started when first asked for.
        .target(
            name: "TestServers", dependencies: .ground, path: "Tests/TestServers", swiftSettings: .house),
        .tests(of: "TestServers"),
        .tests(of: "ArchiveThread"),
        .tests(of: "ArchiveSQLite", on: ["ArchiveContract", "ArchiveThread"]),
        .tests(of: "ArchivePostgres", on: ["ArchiveContract", "ArchiveThread", "TestServers"]),
        .tests(of: "BrokerRedis", on: ["BrokerContract", "TestServers"]),
        .tests(of: "TokensJWT", packages: [jwt]),
        .tests(
            of: "Gateway", on: .adapters + ["BrowserClient", "TestServers", "parley"],
            packages: [logging]),
        .tests(of: "LoadTest"),
        .testTarget(
            name: "parleyTests", dependencies: ["parley", "Gateway", arguments], swiftSettings: .house),
    ]
}

// What is counted: floors 1 to 3. And what holds the tree to its rules: it reads texts and imports none of
// them.
targets += [
    .executableTarget(
        name: "Microbench", dependencies: .ground + .protocols + .chat, path: "loadtest/Sources/Microbench",
        swiftSettings: .house),
    .testTarget(name: "ArchitectureTests", swiftSettings: .house),
]

let package = Package(
    name: "parley",
    products: coresOnly
        ? []
        : [
            .executable(name: "parley", targets: ["parley"]),
            .executable(name: "parley-load", targets: ["LoadTest"]),
        ],
    dependencies: [.package(url: "https://github.com/apple/swift-collections", from: "1.6.0")]
        + (coresOnly
            ? []
            : [
                .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
                .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
                .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
                .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
                .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
            ]),
    targets: targets,
    swiftLanguageModes: [.v6]
)

extension Target {
    /// One module of the house: what it may import is what stands in `on`.
    static func layer(
        _ name: String, on layers: [String] = [], packages: [Dependency] = []
    ) -> Target {
        .target(
            name: name, dependencies: layers.map { .byName(name: $0) } + packages,
            // CBrowserAssets embeds them.
            exclude: name == "BrowserClient" ? ["Assets"] : [],
            swiftSettings: .house + ([String].pure.contains(name) ? [.strictMemorySafety()] : [])
                + (name == "Bytes" ? [.enableExperimentalFeature("Lifetimes")] : []))
    }

    /// The tests of one module. They see its neighbours below and the test kit.
    static func tests(of name: String, on more: [String] = [], packages: [Dependency] = []) -> Target {
        .testTarget(
            name: name + "Tests",
            dependencies: ([name, "TestKit"] + .ground + .protocols + .chat + more).unique.map {
                .byName(name: $0)
            } + packages,
            swiftSettings: .house)
    }
}

extension [SwiftSetting] {
    /// Language mode 6 for all, warnings are errors, exclusivity is checked in debug builds only
    /// (20 % fewer instructions per delivery: docs/decisions/0001-worker-per-core.md).
    static var house: [SwiftSetting] {
        [
            .treatAllWarnings(as: .error),
            .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
            .enableUpcomingFeature("ExistentialAny"),
            .enableUpcomingFeature("MemberImportVisibility"),
            .enableUpcomingFeature("InternalImportsByDefault"),
            .unsafeFlags(
                ["-enforce-exclusivity=unchecked", "-cross-module-optimization"],
                .when(configuration: .release)),
        ]
    }
}

extension [String] {
    static var ground: [String] {
        ["Time", "Bytes", "Digest", "Random", "Networking", "Compression", "TLS"]
    }
    static var protocols: [String] { ["JSON", "HTTP1", "Proxies", "WebSocket", "ChatProtocol"] }
    static var chat: [String] { ["Chat"] }
    static var adapters: [String] {
        ["ArchiveThread", "ArchiveSQLite", "ArchivePostgres", "BrokerRedis", "TokensJWT"]
    }
    /// Modules with strict memory safety: an unsafe line there must say `unsafe`.
    static var pure: [String] { ["Time"] + protocols + chat }
    var unique: [String] { reduce(into: []) { if !$0.contains($1) { $0.append($1) } } }
}

extension [Target.Dependency] {
    static var ground: Self { [String].ground.map { .byName(name: $0) } }
    static var protocols: Self { [String].protocols.map { .byName(name: $0) } }
    static var chat: Self { [String].chat.map { .byName(name: $0) } }
}
