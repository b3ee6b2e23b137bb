import Networking

/// Why there is no way to Redis, as a sentence that says what to do.
struct RedisFailure: Error, Equatable, CustomStringConvertible {
    let description: String

    private init(_ place: RedisTarget.Place, _ sentence: String) {
        description = "Redis at \(place.address) \(sentence)"
    }

    /// The host's name leads nowhere.
    static func unresolved(_ place: RedisTarget.Place, _ reason: String) -> Self {
        Self(place, "cannot be found: \(reason)")
    }

    /// Nobody is there.
    static func unreachable(_ place: RedisTarget.Place, _ error: SystemError) -> Self {
        Self(place, "cannot be reached (\(error)): start it, or correct the URL")
    }

    /// The connection ended.
    static func closed(_ place: RedisTarget.Place, hasAnswered: Bool, _ end: ConnectionEnd) -> Self {
        if !hasAnswered {
            return Self(
                place,
                "closed the connection without an answer: \(tunnel)")
        }
        if case .failed(let error) = end { return Self(place, "is gone (\(error))") }
        return Self(place, "closed the connection")
    }

    /// What it sends is not RESP.
    static func foreign(_ place: RedisTarget.Place, _ error: RedisReaderError) -> Self {
        switch error {
        case .malformed(let words): Self(place, "does not answer as Redis does (\(words)): \(tunnel)")
        case .tooLarge: Self(place, "sent a reply of more than \(RedisReader.byteLimit >> 20) MiB")
        }
    }

    /// A reply came that nothing asked for.
    static func confused(_ place: RedisTarget.Place) -> Self {
        Self(place, "sent a reply that nothing asked for: is there a proxy between that mixes connections?")
    }

    /// It takes the connection and says nothing.
    static func silent(_ place: RedisTarget.Place) -> Self {
        Self(place, "does not answer in time: it hangs, is paused, or something else listens there")
    }

    /// What is published does not come back.
    static func deaf(_ place: RedisTarget.Place) -> Self {
        Self(place, "no longer delivers what is published")
    }

    /// It copies another.
    static func replica(_ place: RedisTarget.Place) -> Self {
        Self(place, "is a replica: write the primary's URL, for what is published here stays here")
    }

    /// It answered with an error. What it quotes is left out: there may be a password in it.
    static func refused(_ place: RedisTarget.Place, _ answer: String) -> Self {
        let text = String(answer.prefix(200).prefix { !"'`\"".contains($0) })
        let code = text.prefix { $0 != " " }
        let advice: String? =
            switch code {
            case "NOAUTH": "needs a password: write it into the URL, redis://:password@host"
            case "WRONGPASS": "refuses the user or password of the URL"
            case "NOPERM":
                "lets this user not do what is needed: AUTH, SELECT, CLIENT, SUBSCRIBE, UNSUBSCRIBE and "
                    + "PUBLISH on parley:1:*"
            case "LOADING": "is still loading its data"
            case "READONLY": "is a replica and read-only: write the primary's URL"
            case "OOM": "is out of memory: raise its maxmemory, or give it less to keep"
            case "MISCONF": "stopped writing because it cannot save: see its log"
            case "DENIED": "takes local connections only (protected mode): set a password or bind it"
            default: nil
            }
        if let advice { return Self(place, "\(advice) (\(text))") }
        if text.contains("max number of clients") {
            return Self(place, "has no room for another connection: raise its maxclients")
        }
        if text.contains("without any password configured") {
            return Self(place, "has no password: leave it away in the URL")
        }
        if text.contains("DB index") { return Self(place, "has no database of the URL's number") }
        return Self(place, "refuses: \(text)")
    }

    private static let tunnel =
        "if it speaks TLS only, put a TLS tunnel in front of it; otherwise correct the URL"
}
