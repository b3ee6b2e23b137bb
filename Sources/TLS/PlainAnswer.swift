/// What somebody is told who speaks plain HTTP where TLS is spoken.
enum PlainAnswer {
    private static let sentence = "This is an https address, and you spoke plain http to it.\n"

    static let bytes = Array(
        ("HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\n"
            + "Content-Length: \(sentence.utf8.count)\r\nConnection: close\r\n\r\n" + sentence).utf8)
}
