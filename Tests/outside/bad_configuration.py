"""Configurations that are refused, and what the refusal says."""

# A configuration file, and what the refusal says.
BAD_FILES = {
    "workers: 1\nlogLevl: info\n": [":2: there is no key logLevl", "did you mean logLevel?"],
    "# a comment\nlimits:\n  bodyBites: 5\n": [":3: there is no key limits.bodyBites", "limits.bodyBytes?"],
    "utterly-unlike-anything: 1\n": [":1: there is no key utterly-unlike-anything."],
    "workers: many\n": [":1: workers is a whole number from 0 to 256, not many."],
    "workers: [1, 2]\n": [":1: workers is one value"],
    "limits:\n  messageBytes: 12\n": [
        ":2: limits.messageBytes is a whole number from 1024 to 16777216, not 12."
    ],
    "insecure: perhaps\n": [":1: insecure is true or false, not perhaps."],
    "logLevel: loud\n": [":1: logLevel is one of trace, debug"],
    "archive: mysql://ada:secret@db\n": [":1: archive is sqlite:FILE, postgres://… or memory:", "ada:***@"],
    "broker: amqp://db\n": [":1: broker is memory: or redis://"],
    "broker: redis://db\n": [":1: Redis joins instances", "sqlite:parley.db (default)"],
    "broker: rediss://db\n": [":1: rediss:// is not supported"],
    "jwks: https://example.org/keys\n": [":1: key sets are read from files only"],
    "insecure: true\njwks: keys.json\n": [":1: insecure lets anyone say to be anyone"],
    "tokens:\n  claims:\n    usr: id\n": [":3: tokens.claims has no usr", "did you mean user?"],
    "tokens:\n  claims:\n    user: id\n": [":3: tokens.claims says", "secretFile or jwks"],
    "listen: nowhere\n": [":1: "],
    "allowedOrigins: [example.org]\n": [":1: example.org is no origin"],
    "rooms:\n  'live:': {kind: eternal}\n": [":2: ", "stored or ephemeral, not eternal."],
    "limits:\n  bodyBytes: 65536\n": [":2: limits.bodyBytes must be at least 1,024 less"],
    "- a list\n": ["write a table of keys and values"],
    "workers: 1\nworkers: 2\n": [":1: a key stands here twice: workers."],
    "listen: [127.0.0.1\n": [":2: this is not YAML"],
    "rooms: [a]\n": [":1: rooms is a table of prefixes with a kind each"],
    "rooms:\n  'live:': {kindd: ephemeral}\n": [":2: rooms is a table of prefixes with a kind each"],
    "workers:\n": [":1: workers is a whole number from 0 to 256, not empty."],
    "limits: {bodyBytes: 100}\nlimits.bodyBytes: 200\n": [":2: limits.bodyBytes stands at ", ":1 already."],
    "rooms: {a: {kind: ephemeral}}\nrooms.a.kind: stored\n": [":2: rooms.a.kind stands at "],
    "allowedOrigins: ['https://*.example']\n": [":1: https://*.example has a *"],
    "secretFile: Sup3rS-the-secret-itself\n": [":1: The file that secretFile names cannot be read"],
}

BAD_ENVIRONMENT = {
    "PARLEY_LOGLEVEL": (
        "info",
        ["PARLEY_LOGLEVEL: there is no such variable: did you mean PARLEY_LOG_LEVEL?"],
    ),
    "PARLEY_LIMITS_BODY_BYTE": ("5", ["did you mean PARLEY_LIMITS_BODY_BYTES?"]),
    "PARLEY_WORKERS": ("-1", ["PARLEY_WORKERS: workers is a whole number from 0 to 256, not -1."]),
    "PARLEY_INSECURE": ("1", ["PARLEY_INSECURE: insecure is true or false, not 1."]),
    "PARLEY_SECRET": ("x", ["PARLEY_SECRET: there is no such variable: did you mean PARLEY_SECRET_FILE?"]),
    "PARLEY_CONFIG": ("missing.yaml", ["missing.yaml cannot be read"]),
}
