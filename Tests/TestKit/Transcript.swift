import Foundation

/// A conversation of `protocol/transcripts`: what clients send and what the server must say, step by step.
package struct Transcript: Decodable, Sendable, CustomStringConvertible {
    /// What it shows, a sentence.
    package let about: String
    /// Limits of the server that differ from the usual ones, by their names in `connect`'s reply.
    package let limits: [String: Int]
    /// The tokens there are; where there is one, the server believes nobody without.
    package let tokens: [String: Token]
    /// What happens, in order.
    package let steps: [Step]
    /// The file's name without its ending.
    package private(set) var name = ""

    /// One thing that happens; `client` counts from 1.
    package enum Step: Sendable {
        /// A client sends a frame.
        case send(client: Int, String)
        /// The server says this to the client.
        case expect(client: Int, JSONValue)
        /// The server closes the client's connection with this code and reason.
        case closed(client: Int, code: Int, reason: JSONValue?)
        /// The client's connection is lost; what it does next it does on a new one.
        case disconnect(client: Int)
        /// The client stops reading, or goes on.
        case reads(client: Int, Bool)
        /// Time passes, in milliseconds.
        case advance(Int)
        /// The server is told to stop; clients shall come back after so many milliseconds.
        case drain(afterMs: Int)
    }

    private enum Keys: String, CodingKey { case about, limits, tokens, steps }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Keys.self)
        about = try container.decode(String.self, forKey: .about)
        limits = try container.decodeIfPresent([String: Int].self, forKey: .limits) ?? [:]
        tokens = try container.decodeIfPresent([String: Token].self, forKey: .tokens) ?? [:]
        steps = try container.decode([Step].self, forKey: .steps)
    }

    /// Reads a text of that form.
    package init(parsing text: String) throws {
        self = try JSONDecoder().decode(Transcript.self, from: Data(text.utf8))
    }

    package var description: String { name }

    /// Whether a server outside can be asked to play it: it commands neither its clock nor its kernel's
    /// buffers, and has no tokens of its own making.
    package var isForLiveServers: Bool {
        tokens.isEmpty
            && steps.allSatisfy { step in
                switch step {
                case .advance, .reads: false
                default: true
                }
            }
    }

    /// All transcripts. Ends the run if one is missing or malformed, or lies there unnamed: a test without
    /// its data must not pass.
    package static let all: [Transcript] = {
        let names = [
            "commands-before-connect",
            "connect-timeout",
            "ephemeral-room",
            "goaway",
            "grants",
            "heartbeat",
            "history-paging",
            "join-and-publish",
            "presence-and-grace",
            "rate-limited",
            "recover-after-gap",
            "recover-by-pages",
            "recover-wrong-epoch",
            "repeat-and-client-id-reused",
            "refresh",
            "skip-slow-reader",
            "slow-reader-closed",
            "token-connect",
            "token-expiry",
            "typing-rate",
            "typing",
        ]
        let folder = Vectors.folder.appending(path: "transcripts")
        do {
            let files = try FileManager.default.contentsOfDirectory(atPath: folder.path())
            precondition(Set(files) == Set(names.map { $0 + ".json" }), "the transcripts are \(files)")
            return try names.map { name in
                let data = try Data(contentsOf: folder.appending(path: name + ".json"))
                var transcript = try JSONDecoder().decode(Transcript.self, from: data)
                transcript.name = name
                return transcript
            }
        } catch {
            preconditionFailure("\(folder.path()): \(error)")
        }
    }()
}

extension Transcript.Step: Decodable {
    private enum Keys: String, CodingKey, CaseIterable {
        case client, send, server, closed, reason, disconnect, reads, advance, drain
    }

    package init(from decoder: any Decoder) throws {
        let fields = try [String: JSONValue](from: decoder)
        if let unknown = fields.keys.first(where: { Keys(rawValue: $0) == nil }) {
            throw Vectors.Failure(description: "a step has no field \(unknown)")
        }
        let container = try decoder.container(keyedBy: Keys.self)
        let client = try container.decodeIfPresent(Int.self, forKey: .client) ?? 1
        if let sent = fields["send"] {
            // A text is a frame as it stands; anything else is its JSON.
            self = .send(client: client, sent.text ?? sent.description)
        } else if let said = fields["server"] {
            self = .expect(client: client, said)
        } else if let code = fields["closed"]?.number {
            self = .closed(client: client, code: Int(code), reason: fields["reason"])
        } else if fields["disconnect"] == .bool(true) {
            self = .disconnect(client: client)
        } else if case .bool(let reads)? = fields["reads"] {
            self = .reads(client: client, reads)
        } else if let milliseconds = fields["advance"]?.number {
            self = .advance(Int(milliseconds))
        } else if let milliseconds = fields["drain"]?.number {
            self = .drain(afterMs: Int(milliseconds))
        } else {
            throw Vectors.Failure(description: "a step says nothing: \(fields)")
        }
    }
}
