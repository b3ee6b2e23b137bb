import JSON

/// The reason of a close frame: JSON that fits beside the code.
package enum CloseReason {
    /// RFC 6455 §5.5: a control frame carries at most 125 bytes, two of which are the code.
    package static let byteLimit = 123

    /// `{"afterMs":…}` where the server names a time, `{"reason":"…"}` with `sentence`, or the code's own,
    /// where not. A sentence that is too long is cut between two characters and ends in "…".
    package static func bytes(of disconnect: Disconnect, sentence: String? = nil) -> [UInt8] {
        var json = JSONWriter(capacity: byteLimit)
        json.beginObject()
        if let afterMs = disconnect.afterMs {
            json.key("afterMs")
            json.integer(Int64(afterMs))
        } else {
            json.key("reason")
            json.string(cut(sentence ?? disconnect.code.sentence))
        }
        json.endObject()
        return json.finish()
    }

    private static let room = byteLimit - #"{"reason":""}"#.utf8.count

    private static func cut(_ sentence: String) -> String {
        let ellipsis: Unicode.Scalar = "…"
        var kept = String.UnicodeScalarView()
        var length = 0
        var fitting = 0
        for scalar in sentence.unicodeScalars {
            length += escapedLength(scalar)
            guard length <= room else { return String(kept.prefix(fitting)) + String(ellipsis) }
            kept.append(scalar)
            if length <= room - 3 { fitting = kept.count }
        }
        return sentence
    }

    /// How many bytes a character takes in a JSON string, at most.
    private static func escapedLength(_ scalar: Unicode.Scalar) -> Int {
        switch scalar.value {
        case 0..<0x20: 6
        case 0x22, 0x5C: 2
        default: UTF8.width(scalar)
        }
    }
}
