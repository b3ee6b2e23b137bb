import Testing

@testable import Gateway

@Suite("Settings: flags win over the environment, the environment over the file, the file over the defaults")
struct SettingsTests {
    @Test("each source beats those below it, and the value says where it stands")
    func hasPrecedence() throws {
        let file = [Setting(key: "workers", values: ["1"], source: .file("parley.yaml", line: 3))]
        let environment = ["PARLEY_WORKERS": "2"]
        let flag = Setting(key: "workers", values: ["3"], source: .flag("--workers"))
        func setting(_ flags: [Setting], _ environment: [String: String], _ file: [Setting]) throws -> Setting
        {
            try Settings(flags: flags, environment: environment, file: file).value(of: "workers")
        }
        #expect(try setting([], [:], []).source == .fallback)
        #expect(try setting([], [:], []).values == ["0"])
        #expect(try setting([], [:], file).source == .file("parley.yaml", line: 3))
        #expect(try setting([], environment, file).values == ["2"])
        #expect(try setting([], environment, file).source == .variable("PARLEY_WORKERS"))
        #expect(try setting([flag], environment, file) == flag)
    }

    @Test("a list in a variable is split at commas, blanks before its parts dropped")
    func splitsLists() throws {
        let settings = try Settings(
            flags: [], environment: ["PARLEY_LISTEN": "127.0.0.1:1, [::1]:2"], file: [])
        #expect(settings.value(of: "listen").values == ["127.0.0.1:1", "[::1]:2"])
    }

    @Test("variables of other programs, and PARLEY_CONFIG itself, are passed")
    func passesForeignVariables() throws {
        _ = try Settings(flags: [], environment: ["PATH": "/bin", "PARLEY_CONFIG": "x.yaml"], file: [])
    }

    @Test("so are those that Kubernetes makes of a service called parley; no option is called like them")
    func passesInjectedVariables() throws {
        let settings = try Settings(
            flags: [],
            environment: [
                "PARLEY_PORT": "tcp://10.0.0.1:8080", "PARLEY_PORT_8080_TCP": "tcp://10.0.0.1:8080",
                "PARLEY_PORT_8080_TCP_ADDR": "10.0.0.1", "PARLEY_SERVICE_HOST": "10.0.0.1",
                "PARLEY_SERVICE_PORT": "8080", "PARLEY_SERVICE_PORT_HTTP": "8080",
            ],
            file: [])
        #expect(ConfigurationOption.all.allSatisfy { settings.value(of: $0.key).source == .fallback })
        for option in ConfigurationOption.all {
            #expect(!option.variable.hasPrefix("PARLEY_PORT"))
            #expect(!option.variable.hasPrefix("PARLEY_SERVICE"))
        }
        #expect(throws: ConfigurationError.self) {
            try Settings(flags: [], environment: ["PARLEY_PORTS": "1"], file: [])
        }
    }

    @Test(
        "an unknown name ends the start; the nearest known one is offered, unless none is near",
        arguments: [
            ("PARLEY_WORKER", "PARLEY_WORKER: there is no such variable: did you mean PARLEY_WORKERS?"),
            ("PARLEY_CONFIGS", "PARLEY_CONFIGS: there is no such variable: did you mean PARLEY_CONFIG?"),
            ("PARLEY_SECRET", "PARLEY_SECRET: there is no such variable: did you mean PARLEY_SECRET_FILE?"),
            ("PARLEY_SECURE", "PARLEY_SECURE: there is no such variable."),
            ("PARLEY_INSECUR", "PARLEY_INSECUR: there is no such variable."),
            ("PARLEY_LOG", "PARLEY_LOG: there is no such variable."),
            ("PARLEY_ZZZZZZZZZZZZZZZZZZ", "PARLEY_ZZZZZZZZZZZZZZZZZZ: there is no such variable."),
        ])
    func refusesVariables(_ name: String, _ sentence: String) {
        #expect(throws: ConfigurationError(sentence)) {
            try Settings(flags: [], environment: [name: "1"], file: [])
        }
    }

    @Test(
        "so does an unknown key, with file and line",
        arguments: [
            ("loglevel", "p.yaml:7: there is no key loglevel: did you mean logLevel?"),
            (
                "limits.messageByte",
                "p.yaml:7: there is no key limits.messageByte: did you mean limits.messageBytes?"
            ),
            ("room", "p.yaml:7: there is no key room: did you mean rooms?"),
            ("secret", "p.yaml:7: there is no key secret: did you mean secretFile?"),
            ("secure", "p.yaml:7: there is no key secure."),
            ("quux", "p.yaml:7: there is no key quux."),
        ])
    func refusesKeys(_ key: String, _ sentence: String) {
        #expect(throws: ConfigurationError(sentence)) {
            try Settings(
                flags: [], environment: [:],
                file: [Setting(key: key, values: ["1"], source: .file("p.yaml", line: 7))])
        }
    }

    @Test(
        "a table stands in the file only, and has the rows it has",
        arguments: [
            (
                "tokens.claims.usr",
                "p.yaml:1: tokens.claims has no usr, only user, tenant, name, rooms: did you mean user?"
            ),
            (
                "tokens.claims",
                "p.yaml:1: tokens.claims is a table of our names and the token's, such as "
                    + "tokens: {claims: {user: userId}}"
            ),
            (
                "tokens",
                "p.yaml:1: tokens.claims is a table of our names and the token's, such as "
                    + "tokens: {claims: {user: userId}}"
            ),
            (
                "rooms.live:",
                "p.yaml:1: rooms is a table of prefixes with a kind each, such as "
                    + "rooms: {\"live:\": {kind: ephemeral}}"
            ),
        ])
    func refusesRows(_ key: String, _ sentence: String) {
        #expect(throws: ConfigurationError(sentence)) {
            try Settings(
                flags: [], environment: [:],
                file: [Setting(key: key, values: ["x"], source: .file("p.yaml", line: 1))])
        }
    }

    @Test(
        "a table has no variable",
        arguments: [
            (
                "PARLEY_ROOMS",
                "PARLEY_ROOMS: rooms is a table; write it into the file that PARLEY_CONFIG names."
            ),
            (
                "PARLEY_TOKENS_CLAIMS",
                "PARLEY_TOKENS_CLAIMS: tokens.claims is a table; "
                    + "write it into the file that PARLEY_CONFIG names."
            ),
        ])
    func refusesTablesInVariables(_ name: String, _ sentence: String) {
        #expect(throws: ConfigurationError(sentence)) {
            try Settings(flags: [], environment: [name: "{}"], file: [])
        }
    }

    @Test("a list where one value belongs is refused")
    func refusesLists() {
        #expect(throws: ConfigurationError("p.yaml:1: workers is one value, not a list.")) {
            try Settings(
                flags: [], environment: [:],
                file: [Setting(key: "workers", values: ["1", "2"], source: .file("p.yaml", line: 1))])
        }
    }

    @Test(
        "what stands in the file twice, under its levels and with dots, is refused with both places",
        arguments: ["limits.bodyBytes", "workers", "rooms.a.kind", "tokens.claims.user"])
    func refusesDoubles(_ key: String) throws {
        let lines = [2, 5].map { Setting(key: key, values: ["x"], source: .file("p.yaml", line: $0)) }
        #expect(throws: ConfigurationError("p.yaml:5: \(key) stands at p.yaml:2 already.")) {
            try Settings(flags: [], environment: [:], file: lines)
        }
        _ = try Settings(
            flags: [Setting(key: "workers", values: ["1"], source: .flag("--workers"))],
            environment: ["PARLEY_WORKERS": "2"], file: [lines[0]])
    }

    @Test("a room's prefix may hold dots, and may be empty")
    func readsRoomPrefixes() throws {
        let source = SettingSource.file("p.yaml", line: 1)
        let settings = try Settings(
            flags: [], environment: [:],
            file: [
                Setting(key: "rooms.a.b.kind", values: ["ephemeral"], source: source),
                Setting(key: "rooms..kind", values: ["stored"], source: source),
            ])
        #expect(settings.rooms.map(\.prefix) == ["a.b", ""])
    }
}
