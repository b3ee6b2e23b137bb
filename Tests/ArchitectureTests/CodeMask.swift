/// Blanks out comments and the insides of string literals, keeping every line feed where it is.
struct CodeMask {
    private let input: [UInt8]
    private var output: [UInt8]
    private var index = 0

    init(_ text: [UInt8]) {
        input = text
        output = text
    }

    /// The code alone.
    mutating func run() -> [UInt8] {
        while index < input.count { code(inInterpolation: false) }
        return output
    }

    private func at(_ text: StaticString, _ place: Int) -> Bool {
        let wanted = text.description.utf8
        return place + wanted.count <= input.count
            && input[place..<(place + wanted.count)].elementsEqual(wanted)
    }

    private mutating func blank(_ count: Int = 1) {
        for _ in 0..<count where index < input.count {
            if input[index] != 0x0A { output[index] = 0x20 }
            index += 1
        }
    }

    /// Code up to the end, or up to the parenthesis that ends an interpolation.
    private mutating func code(inInterpolation: Bool) {
        var depth = 0
        while index < input.count {
            if at("//", index) {
                while index < input.count, input[index] != 0x0A { blank() }
            } else if at("/*", index) {
                blockComment()
            } else if let hashes = literalBegins() {
                literal(hashes: hashes)
            } else {
                if input[index] == UInt8(ascii: "(") { depth += 1 }
                if input[index] == UInt8(ascii: ")") {
                    if inInterpolation, depth == 0 { return }
                    depth -= 1
                }
                index += 1
            }
        }
    }

    private mutating func blockComment() {
        var depth = 0
        while index < input.count {
            if at("/*", index) {
                depth += 1
                blank(2)
            } else if at("*/", index) {
                depth -= 1
                blank(2)
                if depth == 0 { return }
            } else {
                blank()
            }
        }
    }

    /// The number of `#` before a literal that begins here; nil where none does.
    private func literalBegins() -> Int? {
        var place = index
        while place < input.count, input[place] == UInt8(ascii: "#") { place += 1 }
        return place < input.count && input[place] == UInt8(ascii: "\"") ? place - index : nil
    }

    private func hashes(_ count: Int, at place: Int) -> Bool {
        place + count <= input.count && input[place..<(place + count)].allSatisfy { $0 == UInt8(ascii: "#") }
    }

    private mutating func literal(hashes count: Int) {
        index += count
        let isLong = at("\"\"\"", index)
        let quotes = isLong ? 3 : 1
        index += quotes
        while index < input.count {
            let closes = isLong ? at("\"\"\"", index) : input[index] == UInt8(ascii: "\"")
            if closes, hashes(count, at: index + quotes) {
                index += quotes + count
                return
            }
            if !isLong, input[index] == 0x0A { return }
            if input[index] == UInt8(ascii: "\\"), hashes(count, at: index + 1) {
                blank(1 + count)
                if index < input.count, input[index] == UInt8(ascii: "(") {
                    index += 1
                    code(inInterpolation: true)
                    index += 1
                } else {
                    blank()
                }
            } else {
                blank()
            }
        }
    }
}
