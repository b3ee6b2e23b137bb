import Bytes
import Foundation

extension FuzzTarget {
    /// Base64 in both alphabets: what is decoded is what Foundation decodes, only the one spelling that
    /// encoding gives is taken, and encoding gives Foundation's spelling.
    package static let base64 = FuzzTarget(name: "base64") { input in
        let spelled = Data(input).base64EncodedString()
        let inURLs = spelled.replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
        precondition(Base64.encode(input.span) == spelled, "another spelling")
        precondition(Base64.encode(input.span, .url) == inURLs, "another spelling for URLs")
        precondition(Base64.decode(spelled) == input, "not what was encoded")
        precondition(Base64.decode(inURLs, .url) == input, "not what was encoded for URLs")

        let text = String(decoding: input, as: UTF8.self)
        if let bytes = Base64.decode(text) {
            precondition(Data(base64Encoded: text) == Data(bytes), "Foundation decodes something else")
            precondition(Base64.encode(bytes.span) == text, "two texts spell the same bytes")
        } else if let bytes = Data(base64Encoded: text) {
            precondition(bytes.base64EncodedString() != text, "Foundation takes its own spelling of it")
        }
        if let bytes = Base64.decode(text, .url) {
            precondition(Base64.encode(bytes.span, .url) == text, "two texts spell the same bytes in URLs")
        }
    }
}
