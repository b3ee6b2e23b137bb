import Glibc

/// `Microbench --list` prints names and numbers of operations, `Microbench NAME N` runs one bench N times.
let arguments = CommandLine.arguments.dropFirst()
if arguments == ["--list"] {
    for bench in Bench.all { print(bench.name, bench.operations) }
    exit(0)
}
guard arguments.count == 2, let bench = Bench.all.first(where: { $0.name == arguments.first }),
    let operations = arguments.last.flatMap({ Int($0) }), operations > 0
else {
    print("usage: Microbench --list | NAME OPERATIONS")
    exit(2)
}
print(bench.name, operations, bench.run(operations))
