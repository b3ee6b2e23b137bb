/// A file of conversations that cannot be played: where, and what to do about it.
struct CorpusError: Error, Equatable, CustomStringConvertible {
    /// The file's name as it was given.
    let file: String
    /// Counted from 1; 0 where the file as a whole is meant.
    let line: Int
    /// What is wrong.
    let sentence: String

    /// `talk.jsonl:7: …`.
    var description: String { line == 0 ? "\(file): \(sentence)" : "\(file):\(line): \(sentence)" }
}
