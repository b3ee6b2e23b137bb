package import Chat
import ChatProtocol
package import Time

extension Transcript {
    /// What a token of a transcript says.
    package struct Token: Decodable, Sendable {
        private let tenant: String?
        private let user: String
        private let name: String?
        /// So long after the transcript's beginning, in milliseconds.
        private let expires: Int64
        private let rooms: [Line]

        private struct Line: Decodable, Sendable {
            let match: String
            let can: [String]
        }

        /// Who its bearer is.
        fileprivate func caller(since start: WallTime) throws -> Caller {
            Caller(
                tenant: try tenant.map(TenantID.init) ?? .default, user: try UserID(user), name: name,
                grants: Grants(try rooms.map(grant)),
                expiresAt: WallTime(milliseconds: start.milliseconds + expires))
        }

        private func grant(_ line: Line) throws -> Grant {
            guard let match = RoomPattern(line.match) else {
                throw Vectors.Failure(description: "\(line.match) is no pattern")
            }
            let can = try line.can.map { name in
                guard let known = RoomVerbs.named.first(where: { $0.name == name }) else {
                    throw Vectors.Failure(description: "\(name) is no right")
                }
                return known.verb
            }
            return Grant(match: match, can: RoomVerbs(can))
        }
    }

    /// Who may come by which token, in a transcript that begins at `start`.
    package func callers(since start: WallTime) -> [String: Caller] {
        do { return try tokens.mapValues { try $0.caller(since: start) } } catch {
            preconditionFailure("transcript \(name): \(error)")
        }
    }
}
