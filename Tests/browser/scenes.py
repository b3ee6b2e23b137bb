"""What rooms look like in the tests of looks: several people, long names and words, code, other scripts."""
import json
import urllib.parse
import urllib.request

from playwright.sync_api import expect

from window import ask, drafts, say

# Long names as well: a user's name is his id with a capital.
LONG = "w" * 100
TALK = [
    ("bob", "Good morning. Has anybody seen the green folder?"),
    ("bob", "It is not where it was."),
    ("cy", "See https://example.com/folders/green?shelf=4, third from the left."),
    ("ann", "Thanks!"),
    ("cy", "👍"),
    (LONG, "My name is longer than the window of a telephone."),
    ("dalia", "صباح الخير، كيف حالكم اليوم؟"),
    ("bob", "Run `make test`, it says:\n"
        "```\nswift build  -c release && echo \"this line is longer than any telephone\"\n```"),
    ("cy", "A" * 300),
    ("ann", "First line\nsecond line\n\nfourth line"),
]
GRANTS = ["team*", "notice=join,history,presence"]


def token(user):
    return ask("token", user, "3600", *GRANTS)


def publish(base, user, room, texts):
    """Somebody who has no window says something."""
    place = f"{base.rstrip('/')}/api/v1/rooms/{urllib.parse.quote(room)}/publications"
    fields = {"Content-Type": "application/json", "Authorization": f"Bearer {token(user)}"}
    for text in texts:
        draft = {"clientId": f"{user[:8]}-{abs(hash(text)) % 10**12}", "body": {"text": text}}
        request = urllib.request.Request(place, json.dumps(draft).encode(), fields)
        urllib.request.urlopen(request, timeout=10).close()


def converse(base, room):
    """The whole talk, once."""
    for user, text in TALK:
        publish(base, user, room, [text])


def fail(page, text):
    """A draft in the room `notice`, where only others may write."""
    say(page, text)
    expect(drafts(page, text, "failed"), "what may not be said fails").to_have_count(1)
