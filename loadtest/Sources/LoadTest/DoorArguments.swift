import ArgumentParser
import TLS
import WebSocket

/// What all commands take that says how a door is gone through.
struct DoorArguments: ParsableArguments {
    @Option(help: "A PEM file with the authorities that are believed at https://; without it the system's.")
    var ca: String?
    @Flag(help: "Offers to compress WebSocket messages (permessage-deflate).")
    var compress = false

    /// The instances of these URLs.
    static func targets(_ urls: [String]) throws -> [Target] {
        do throws(TargetError) {
            var targets: [Target] = []
            for url in urls { targets.append(try Target(url)) }
            return targets
        } catch {
            throw Failure(status: 2, sentence: error.description)
        }
    }

    /// What is believed, where one of them wants it.
    func context(for targets: [Target]) throws -> TLSContext? {
        guard targets.contains(where: \.isSecure) else {
            if ca != nil { throw Failure(status: 2, sentence: "--ca is for URLs that begin with https://") }
            return nil
        }
        do throws(TLSSetupError) {
            return try TLSContext(client: TLSClientSettings(authorities: ca))
        } catch {
            throw Failure(status: 2, sentence: "--ca: \(error)")
        }
    }

    /// What WebSockets at `path` are asked for.
    func request(_ path: String) -> WebSocketClient.Request {
        WebSocketClient.Request(
            path: path, subprotocol: path == "/ws" ? "parley.v1" : nil,
            deflate: compress ? DeflatePool(DeflatePolicy()) : nil)
    }
}
