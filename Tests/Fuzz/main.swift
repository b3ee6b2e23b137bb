import FuzzTargets
import Glibc

/// libFuzzer's driver. Linked by `-sanitize=fuzzer`, whose own `main` SwiftPM's takes the place of.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// Which target is fuzzed is read once: what libFuzzer calls is a C function and captures nothing.
private enum Chosen {
    static let target: FuzzTarget = {
        let name = getenv("FUZZ_TARGET").map { String(cString: $0) } ?? ""
        guard let target = FuzzTarget.named(name) else {
            let names = FuzzTarget.all.map(\.name).joined(separator: ", ")
            fatalError("FUZZ_TARGET must be one of: \(names), canary")
        }
        return target
    }()
}

/// One round. The library's `main` refers to it by this name, so it must exist under it.
@_cdecl("LLVMFuzzerTestOneInput")
nonisolated func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    Chosen.target.run([UInt8](UnsafeBufferPointer(start: bytes, count: count)))
    return 0
}

// What the script asks for: the targets' names, one a line.
if CommandLine.arguments.dropFirst().first == "targets" {
    for target in FuzzTarget.all { print(target.name) }
    exit(0)
}
var count = CommandLine.argc
var arguments = CommandLine.unsafeArgv
exit(runDriver(&count, &arguments, testOneInput))
