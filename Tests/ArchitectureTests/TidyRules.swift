/// The rules of the house that one file can break by itself.
enum TidyRules {
    static let maximumFileLines = 300
    static let maximumFunctionLines = 60
    static let maximumLineColumns = 110

    /// Calls that are banned in Sources, with what to write instead.
    static let bannedCalls: [(call: String, instead: String)] = [
        ("print(", "log through the gateway's Log; cores report events"),
        (
            "fatalError(",
            "`preconditionFailure` with a sentence where we are wrong, a typed throw where the peer is"
        ),
        ("try!", "`do` and `catch`, or a precondition that says why it cannot fail"),
        ("Thread.sleep", "a deadline on the loop's TimerWheel"),
        ("usleep", "a deadline on the loop's TimerWheel"),
        ("DispatchQueue", "a LoopThread and its Mailbox"),
        ("NSLock", "Networking's Lock, or better a Mailbox"),
        ("Task {", "a call back on the loop; control plane only: the loop's executor helper"),
        ("Task.detached", "a call back on the loop; control plane only: the loop's executor helper"),
    ]

    /// Calls that are banned in tests: a test waits for a fact, never for time.
    static let bannedInTests: [(call: String, instead: String)] = [
        ("Thread.sleep", "wait for the fact itself, with a bound"),
        ("Task.sleep", "wait for the fact itself, with a bound"),
        ("usleep(", "wait for the fact itself, with a bound"),
        ("sleep(", "wait for the fact itself, with a bound"),
        ("XCTAssert", "Swift Testing's `#expect`"),
    ]

    /// A text file that is too long, or has a line that is.
    static func size(_ path: String, lines: [String]) -> [Breach] {
        let count = lines.last == "" ? lines.count - 1 : lines.count
        var found: [Breach] = []
        if count > maximumFileLines {
            found.append(
                Breach(path: path, message: "\(count) lines, at most \(maximumFileLines): split it by ideas"))
        }
        for (index, line) in lines.enumerated() where line.count > maximumLineColumns {
            found.append(
                Breach(
                    path: path, line: index + 1,
                    message: "\(line.count) columns, at most \(maximumLineColumns)"))
        }
        return found
    }

    /// Functions, initialisers and computed properties that are too long.
    static func functionLengths(_ text: SwiftText) -> [Breach] {
        FunctionSpan.all(in: text.tokens).filter { $0.count > maximumFunctionLines }.map {
            Breach(
                path: text.path, line: $0.firstLine,
                message: "`\($0.name)` has \($0.count) lines, at most \(maximumFunctionLines)")
        }
    }

    /// Banned calls of a file of Sources.
    static func calls(_ text: SwiftText, allowed: [String: String] = Allowances.printingFiles) -> [Breach] {
        bannedCalls.flatMap { call, instead in
            call == "print(" && allowed[text.path] != nil ? [] : found(call, instead, text)
        }
    }

    /// Banned calls of a file of Tests.
    static func testCalls(_ text: SwiftText, allowed: [String: String] = Allowances.sleepingTests) -> [Breach]
    {
        allowed[text.path] != nil ? [] : bannedInTests.flatMap { found($0.call, $0.instead, text) }
    }

    private static func found(_ call: String, _ instead: String, _ text: SwiftText) -> [Breach] {
        text.lines(with: call).map {
            Breach(path: text.path, line: $0, message: "no `\(call)`: \(instead)")
        }
    }

    /// Marks of unfinished work. With an issue's number a promise may stand, a known fault never.
    static func unfinished(_ path: String, lines: [String]) -> [Breach] {
        let fix = "FIX" + "ME"
        let toDo = "TO" + "DO"
        return lines.enumerated().compactMap { index, line in
            if line.hasWords(fix) {
                return Breach(path: path, line: index + 1, message: "\(fix): fix it")
            }
            guard line.hasWords(toDo), line.firstRange(of: #/TO[D]O \(?#[0-9]+/#) == nil else { return nil }
            return Breach(path: path, line: index + 1, message: "\(toDo) without the number of an issue")
        }
    }

    /// Places that exist on one machine only, and hosts that packages come from here and not elsewhere.
    static func machinePaths(_ path: String, lines: [String]) -> [Breach] {
        // Written in halves, so that this file does not break its own rule.
        let places = [
            "/wo" + "rk/", "/ro" + "ot/", "/tmp/" + "w-", "/ho" + "me/", "../sha" + "red", "/opt/" + "wheels",
            "/opt/" + "swift",
        ]
        let hosts = [
            "py" + "pi.org", "python" + "hosted", "npm" + "js.org", "crates" + ".io", "deb." + "debian.org",
            "index" + "-url", "find" + "-links", "arti" + "factory", "ruby" + "gems", "proxy." + "golang",
        ]
        return lines.enumerated().flatMap { index, line in
            places.filter { line.contains($0) }.map {
                Breach(
                    path: path, line: index + 1,
                    message: "`\($0)` exists on one machine: write a relative path")
            }
                + hosts.filter { line.contains($0) }.map {
                    Breach(
                        path: path, line: index + 1,
                        message: "`\($0)`: where packages come from is the machine's")
                }
        }
    }

    private static let pointers = [
        "UnsafePointer", "UnsafeMutablePointer", "UnsafeRawPointer", "UnsafeMutableRawPointer",
        "UnsafeBufferPointer", "UnsafeMutableBufferPointer", "UnsafeRawBufferPointer",
        "UnsafeMutableRawBufferPointer", "OpaquePointer", "Unmanaged", "unsafe", "unsafeBitCast",
        "withUnsafePointer", "withUnsafeMutablePointer", "withUnsafeBytes", "withUnsafeMutableBytes",
        "withUnsafeBufferPointer", "withUnsafeMutableBufferPointer", "withUnsafeTemporaryAllocation",
        "unsafelyUnwrapped", "withMemoryRebound", "assumingMemoryBound",
    ]

    /// Whether a file holds pointers.
    static func usesPointers(_ text: SwiftText) -> Bool {
        text.tokens.contains { pointers.contains($0.text) }
    }

    /// Whether a file takes the check of what crosses threads upon itself.
    static func isUnchecked(_ text: SwiftText) -> Bool {
        text.code.contains { $0.hasWords("@unchecked") || $0.contains("nonisolated(unsafe)") }
    }

    /// Files that do what only listed files may, and listed files that do not or are gone.
    static func listed(
        _ list: [String: String], _ texts: [SwiftText], _ what: String, _ does: (SwiftText) -> Bool
    ) -> [Breach] {
        let doing = Set(texts.filter(does).map(\.path))
        return doing.subtracting(list.keys).sorted().map {
            Breach(path: $0, message: "\(what), and does not stand in Allowances")
        }
            + Set(list.keys).subtracting(doing).sorted().map {
                Breach(path: $0, message: "stands in Allowances (\(what)) without need")
            }
    }
}
