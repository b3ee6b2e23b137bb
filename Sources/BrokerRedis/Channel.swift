package import Chat
import ChatProtocol

/// How channels are called. The 1 is the version of the names; a payload has a format of its own.
package enum Channel {
    /// `parley:1:{TENANT:ROOM}`, both percent-encoded. The braces make a Redis cluster place the room by what
    /// is inside them.
    package static func name(of room: RoomKey) -> [UInt8] {
        var name: [UInt8] = Array("parley:1:{".utf8)
        name.reserveCapacity(name.count + room.name.utf8.count + 66)
        append(room.tenant.description.utf8, to: &name)
        name.append(UInt8(ascii: ":"))
        append(room.name.utf8, to: &name)
        name.append(UInt8(ascii: "}"))
        return name
    }

    /// `parley:1:canary:INSTANCE.ORIGIN`: no room is called so, for its name begins with a brace.
    static func canary(instance: UInt64, origin: OriginID) -> [UInt8] {
        Array(
            "parley:1:canary:\(String(instance, radix: 36)).\(String(origin.number, radix: 36))".utf8)
    }

    /// RFC 3986 §2.3: unreserved characters stand for themselves.
    private static func append(_ text: some Sequence<UInt8>, to name: inout [UInt8]) {
        for byte in text {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: name.append(byte)
            default:
                name.append(UInt8(ascii: "%"))
                name.append(hexDigit(byte >> 4))
                name.append(hexDigit(byte & 15))
            }
        }
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") + value - 10
    }
}
