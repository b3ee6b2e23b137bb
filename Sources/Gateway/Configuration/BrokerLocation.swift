package import BrokerRedis

/// What carries news between instances.
package enum BrokerLocation: Sendable, Hashable, CustomStringConvertible {
    /// Nothing does: the workers of this process reach one another, and the archive tells the rest.
    case memory
    /// Redis, at the first of these places that answers.
    case redis(RedisTarget)

    /// The location that is written so. Throws for what is none; the error does not repeat it.
    init(_ text: String) throws(RedisTargetError) {
        self = text == "memory:" ? .memory : .redis(try RedisTarget(text))
    }

    /// As it may be shown: without a password.
    package var description: String {
        switch self {
        case .memory: "memory:"
        case .redis(let target): target.description
        }
    }
}
