"""Signs tokens for people in browser tests, also such that have nearly expired."""

import base64
import hmac
import json
import time

SECRET = b"a secret for the tests of the page, 1234"
# A session lasts so long beyond its token's expiry.
LEEWAY = 30


def part(content):
    """Base64url without padding."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


class TokenMaker:
    """A secret in a file, for the server's --secret-file, and the tokens signed with it."""

    def __init__(self, place):
        self.file = place.folder / "parley.secret"
        self.file.write_bytes(SECRET)

    def token(self, user, seconds, *grants):
        """A token whose session lasts so many seconds from now; a grant is ROOM or ROOM=VERB,VERB."""
        rooms = []
        for grant in grants:
            match, _, verbs = grant.partition("=")
            rooms.append({"match": match} | ({"can": verbs.split(",")} if verbs else {}))
        claims = {"sub": user, "name": user.capitalize(), "rooms": rooms}
        claims["exp"] = time.time() + float(seconds) - LEEWAY
        header = {"alg": "HS256", "typ": "JWT"}
        text = f"{part(json.dumps(header).encode())}.{part(json.dumps(claims).encode())}"
        return f"{text}.{part(hmac.digest(SECRET, text.encode(), 'sha256'))}"
