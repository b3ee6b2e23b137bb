"""The Prometheus text format, read as strictly as it can be."""

import re

from parley import check, same

SAMPLE = re.compile(
    r"([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{([a-zA-Z_][a-zA-Z0-9_]*)=\"([^\"\\\n]*)\"\})?"
    r" ([0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?)"
)


def read_metrics(text):
    """The Prometheus text format as strictly as it can be read; a dictionary from series to number."""
    check(text.endswith("\n"), "the metrics do not end with a line feed")
    values, types, family = {}, {}, None
    lines = text[:-1].split("\n")
    for line in lines:
        if line.startswith("# HELP "):
            family, _, sentence = line[7:].partition(" ")
            check(family not in types, f"the metric {family} is described twice")
            check(sentence.endswith("."), f"the help of {family} is no sentence")
            types[family] = None
        elif line.startswith("# TYPE "):
            name, _, kind = line[7:].partition(" ")
            check(name == family and types[family] is None, f"a TYPE in the wrong place: {line}")
            check(kind in ("counter", "gauge", "histogram"), f"an unknown type: {line}")
            check((kind == "counter") == name.endswith("_total"), f"{name} is a {kind} by type, not by name")
            types[family] = kind
        else:
            sample = SAMPLE.fullmatch(line)
            check(sample, f"this is no sample: {line!r}")
            name, label, value, number = sample.groups()
            plain = re.sub("_(bucket|sum|count)$", "", name) if types.get(family) == "histogram" else name
            check(plain == family and types[family], f"a sample outside its family: {line}")
            check(name.endswith("_bucket") == (label == "le"), f"`le` belongs to buckets: {line}")
            check((name, value) not in values, f"the series {line} stands twice")
            values[name, value] = float(number)
    for family, kind in types.items():
        check(kind, f"{family} has no type")
        if kind == "histogram":
            check_histogram(family, values)
    return values


def check_histogram(family, values):
    """Buckets grow with their bounds, and the last holds everything."""
    bounds = [value for name, value in values if name == family + "_bucket"]
    same(bounds[-1], "+Inf", f"the last bucket of {family}")
    numbers = [float(bound) for bound in bounds]
    check(numbers == sorted(set(numbers)), f"the bounds of {family} do not grow")
    counts = [values[family + "_bucket", bound] for bound in bounds]
    check(counts == sorted(counts), f"the buckets of {family} are not cumulative")
    same(values[family + "_count", None], counts[-1], f"the count of {family}")
