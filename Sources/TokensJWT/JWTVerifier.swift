package import Chat
package import Networking
import Time

/// A worker's way to its process's keys.
///
/// Signatures are verified on the worker's own loop: one takes 20 (RSA) to 110 (Ed25519) microseconds by
/// `openssl speed`, less than the handshake before it. It happens in the turn's time for timers, so that
/// completions never run inside `verify`.
package final class JWTVerifier: TokenVerifier, TimerHandler {
    /// How many tokens wait at most; a turn of the loop hears no more connections than that.
    package static let waitingLimit = 256

    /// What came of the tokens so far.
    package private(set) var statistics = TokenStatistics()

    private let authority: TokenAuthority
    private let loop: EventLoop
    private var waiting: [Waiting] = []
    private var surplus: [Completion] = []

    private typealias Completion = (Result<Caller, TokenRefusal>) -> Void

    private struct Waiting {
        let token: String
        let completion: Completion
    }

    /// An endpoint on `loop`.
    package init(_ authority: TokenAuthority, on loop: EventLoop) {
        self.authority = authority
        self.loop = loop
    }

    package func verify(_ token: String, completion: @escaping (Result<Caller, TokenRefusal>) -> Void) {
        if waiting.isEmpty, surplus.isEmpty { _ = loop.schedule(self, at: loop.now) }
        if waiting.count < Self.waitingLimit {
            waiting.append(Waiting(token: token, completion: completion))
        } else {
            surplus.append(completion)
        }
    }

    /// Verifies what waits; what comes meanwhile waits for the next turn.
    package func timerFired(token: Int) {
        let (batch, refused) = (waiting, surplus)
        (waiting, surplus) = ([], [])
        for next in batch {
            do throws(TokenRefusal) {
                let caller = try authority.caller(of: next.token, at: loop.moment.wall)
                statistics.accepted += 1
                next.completion(.success(caller))
            } catch {
                statistics.refused += 1
                next.completion(.failure(error))
            }
        }
        statistics.unavailable += refused.count
        for completion in refused { completion(.failure(.unavailable)) }
    }
}
