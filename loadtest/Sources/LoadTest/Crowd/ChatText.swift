/// Lines of made-up chat: they compress about as well as what people write.
enum ChatText {
    private static let words = """
        the a I you it is was to of and in that have not on with for this but they be at what so just like \
        know think really yes no maybe when where who time day today tomorrow morning people work home good \
        great nice never always something because about would could should want need going parcel ticket \
        server message answer question meeting weather train coffee dinner weekend thanks sorry please
        """.split(separator: " ").map { Array($0.utf8) }

    /// `count` texts of `size` bytes of ASCII each, all different, the same in every run.
    static func make(_ count: Int, size: Int) -> [[UInt8]] {
        var state: UInt64 = 20_26
        return (0..<count).map { number in
            var text = Array("\(number): ".utf8)
            while text.count < size {
                // Knuth's MMIX constants; the high bits are the good ones.
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                let draw = Int(state >> 33)
                text += words[draw % words.count]
                text.append(UInt8(ascii: draw / words.count % 12 == 0 ? "." : " "))
            }
            return Array(text[..<size])
        }
    }
}
