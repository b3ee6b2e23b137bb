/// The exceptions to the tidy rules, each with its reason. A line that is needed no longer fails too, so the
/// lists cannot rot.
enum Allowances {
    /// Files that may hold pointers. All other files see bytes as spans and arrays.
    static let unsafeFiles: [String: String] = [
        "Sources/ArchivePostgres/PostgresConnection.swift": "libpq's connection is a pointer",
        "Sources/ArchivePostgres/PostgresDial.swift": "libpq's connection is a pointer",
        "Sources/ArchivePostgres/PostgresError.swift": "libpq's result is a pointer",
        "Sources/ArchivePostgres/PostgresPipeline.swift": "libpq takes values as pointers",
        "Sources/ArchivePostgres/PostgresRows.swift": "libpq returns values as pointers",
        "Sources/ArchivePostgres/PostgresTarget.swift": "libpq reads an address into a list of pointers",
        "Sources/ArchiveSQLite/SQLiteDatabase.swift": "SQLite's handles are pointers",
        "Sources/ArchiveSQLite/SQLiteStatement.swift": "SQLite binds and returns pointers",
        "Sources/BrokerRedis/RedisCommand.swift": "hiredis takes and returns pointers",
        "Sources/BrokerRedis/RedisReader.swift": "hiredis hands over pointers into its buffer",
        "Sources/Bytes/ByteArray.swift": "arrays take a span's bytes in one copy",
        "Sources/Bytes/SharedBytes.swift": "one allocation, written once, read by many queues",
        "Sources/Compression/Deflater.swift": "zlib takes and returns pointers",
        "Sources/Compression/Gzip.swift": "zlib takes and returns pointers",
        "Sources/Compression/Inflater.swift": "zlib takes and returns pointers",
        "Sources/Compression/ZlibStream.swift": "zlib takes and returns pointers",
        "Sources/Digest/Digest.swift": "OpenSSL takes pointers",
        "Sources/Digest/MessageAuthenticator.swift": "OpenSSL takes pointers",
        "Sources/Gateway/LineLog.swift": "write takes a pointer",
        "Sources/JSON/JSONKey.swift": "reads the literals of the program itself",
        "Sources/JSON/JSONLines.swift": "eight bytes at a time",
        "Sources/JSON/JSONReader+Scalars.swift": "eight bytes at a time",
        "Sources/Networking/EventLoop.swift": "owns the read buffer",
        "Sources/Networking/HelperThread.swift": "pthread_create takes a pointer",
        "Sources/Networking/Listener.swift": "accept4 and bind take pointers",
        "Sources/Networking/Lock.swift": "a pthread mutex where the Thread Sanitizer looks on",
        "Sources/Networking/LoopThread.swift": "pthread_create takes a pointer",
        "Sources/Networking/NameResolver.swift": "getaddrinfo makes a list of pointers",
        "Sources/Networking/Poller.swift": "owns the array epoll_wait fills",
        "Sources/Networking/SocketAddress.swift": "the kernel's addresses are untyped bytes",
        "Sources/Networking/TCPSocket.swift": "hands the read buffer on as a span",
        "Sources/Networking/WriteQueue.swift": "writev takes pointers",
        "Sources/WebSocket/Masking.swift": "eight bytes at a time",
        "Sources/WebSocket/UTF8Validator.swift": "eight bytes at a time",
        "Sources/parley/Output.swift": "write takes a pointer",
    ]

    /// Files that may say `@unchecked` or `nonisolated(unsafe)`.
    static let uncheckedFiles: [String: String] = [
        "Sources/Networking/Lock.swift": "the Thread Sanitizer does not know the standard library's Mutex"
    ]

    /// Files that write to standard output.
    static let printingFiles: [String: String] = [:]

    /// Files whose decisions are tested in another file than that of their name: that file.
    static let testedElsewhere: [String: String] = [
        "Sources/ArchiveThread/ArchiveDoor.swift": "SQLiteStoreTests",
        "Sources/ArchivePostgres/PostgresDial.swift": "ConnectFailureTests",
        "Sources/ArchivePostgres/PostgresError.swift": "PostgresConnectionTests",
        "Sources/ArchivePostgres/PostgresPipeline.swift": "PostgresConnectionTests",
        "Sources/ArchivePostgres/AppendLane+Steps.swift": "PostgresOutageTests",
        "Sources/ArchivePostgres/AppendLane.swift": "PostgresOutageTests",
        "Sources/ArchivePostgres/AppendPiece.swift": "PostgresArchiveTests",
        "Sources/ArchivePostgres/PostgresCommand.swift": "SchemaKeeperTests",
        "Sources/ArchivePostgres/PostgresLink.swift": "PostgresOutageTests",
        "Sources/ArchivePostgres/PostgresStore.swift": "PostgresArchiveTests",
        "Sources/ArchivePostgres/PostgresStoreError.swift": "SchemaKeeperTests",
        "Sources/ArchivePostgres/PostgresThread.swift": "PostgresArchiveTests",
        "Sources/ArchivePostgres/TableLock.swift": "AppendLane+LocksTests",
        "Sources/ArchivePostgres/ReadAnswers.swift": "PostgresArchiveTests",
        "Sources/ArchivePostgres/Reader.swift": "ReadDeskTests",
        "Sources/ArchivePostgres/SchemaFacts.swift": "SchemaKeeperTests",
        "Sources/ArchivePostgres/Sweep.swift": "SweeperTests",
        "Sources/ArchiveSQLite/SQLiteFile.swift": "SQLiteStoreTests",
        "Sources/Gateway/Transports/Transport.swift": "FanoutTests",
        "Sources/Networking/HelperThread.swift": "NameResolverTests",
        "Sources/Networking/ResolveError.swift": "NameResolverTests",
        "Sources/BrokerRedis/RedisLink.swift": "RedisBroker+ConnectionTests",
        "Sources/BrokerRedis/RedisPair.swift": "RedisBroker+ConnectionTests",
        "Sources/Chat/News/NewsDecodeError.swift": "NewsDecoderTests",
        "Sources/Chat/News/NewsEncoder.swift": "NewsDecoderTests",
        "Sources/Networking/SocketAddressError.swift": "SocketAddressTests",
        "Sources/Proxies/ForwardedLine.swift": "ForwardedHopsTests",
        "Sources/Proxies/ProxyHeaderError.swift": "ProxyHeaderTests",
        "Sources/Proxies/ProxyHeaderReader.swift": "ProxyHeaderTests",
        "Sources/WebSocket/HandshakeError.swift": "HandshakeTests",
        "Sources/parley/ConfigurationLoading.swift": "CommandLineTests",
        "Sources/parley/Parley.swift": "CommandLineTests",
        "Sources/parley/Serve.swift": "ServerTests",
    ]

    /// Files with decisions in them and no Swift test; the reason names what tests them.
    static let untestedFiles: [String: String] = [
        "Sources/parley/Maintenance.swift": "Tests/outside/test_command_line.py: the subcommands",
        "Sources/parley/Output.swift": "Tests/outside/test_command_line.py: what a command prints",
    ]

    /// Test files that wait for time to pass, because time is what they test.
    static let sleepingTests: [String: String] = [:]
}
