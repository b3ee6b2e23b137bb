package import Chat
import ChatProtocol

extension Transcript {
    /// Sets the limits it asks for; what they are called is what `connect`'s reply calls them.
    package func apply(to limits: inout Limits) {
        for (name, value) in self.limits {
            switch name {
            case "bodyBytes": limits.announced.bodyBytes = value
            case "messageBurst": limits.announced.messageBurst = value
            case "messagesPerSecond": limits.announced.messagesPerSecond = value
            case "messageBytes": limits.announced.messageBytes = value
            case "outstanding": limits.announced.outstanding = value
            case "pageBytes": limits.announced.pageBytes = value
            case "pagePublications": limits.announced.pagePublications = value
            case "queueBytes": limits.announced.queueBytes = value
            case "roomsPerSession": limits.announced.roomsPerSession = value
            default: preconditionFailure("transcript \(self.name): no limit is called \(name)")
            }
        }
    }
}
