"""A back end for these pages: python3 backend.py parley.secret 8000, then http://127.0.0.1:8000/room.html"""
import base64, hashlib, hmac, http.cookies, http.server, json, pathlib, secrets, sys, time

CHAT = "https://chat.example"  # your Parley, as in the pages
LIFE = 900  # seconds; a page asks for its next token in time
SECRET = pathlib.Path(sys.argv[1]).read_bytes().removesuffix(b"\n")
PAGES = {f"/{page.name}": page for page in pathlib.Path(__file__).parent.glob("*.html")}
POLICY = ("default-src 'none'; script-src 'nonce-NONCE' CHAT; style-src 'nonce-NONCE'; "
          "connect-src 'self' CHAT SOCKET; base-uri 'none'; require-trusted-types-for 'script'")

def part(content): return base64.urlsafe_b64encode(content).rstrip(b"=")

def token(user):
    claims = {"sub": user, "name": f"Visitor {user[:4]}", "exp": int(time.time()) + LIFE,
              "rooms": [{"match": "support:*", "can": ["join", "publish", "history", "presence"]}]}
    signed = part(b'{"alg":"HS256"}') + b"." + part(json.dumps(claims).encode())
    return signed + b"." + part(hmac.digest(SECRET, signed, hashlib.sha256))

class Shop(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        cookie = http.cookies.SimpleCookie(self.headers["Cookie"]).get("visitor")
        visitor = cookie.value if cookie else secrets.token_urlsafe(16)
        if self.path == "/token" and cookie:  # YOUR LOGIN CHECK GOES HERE: whose session is this?
            user = hashlib.sha256(visitor.encode()).hexdigest()[:16]  # others see it, never the cookie
            self.answer(200, token(user))
        elif self.path in PAGES:
            nonce, text = secrets.token_urlsafe(16), PAGES[self.path].read_text()
            for tag in ("<script", "<style"): text = text.replace(tag, f'{tag} nonce="{nonce}"')
            policy = POLICY.replace("NONCE", nonce).replace("CHAT", CHAT)
            self.answer(200, text.encode(), "text/html; charset=utf-8", {
                "Content-Security-Policy": policy.replace("SOCKET", CHAT.replace("http", "ws", 1)),
                "Set-Cookie": f"visitor={visitor}; HttpOnly; SameSite=Lax"})  # with TLS: Secure
        else: self.answer(401 if self.path == "/token" else 404, b"")
    def answer(self, status, content, kind="text/plain", fields={}):
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Cache-Control": "no-store", **fields}.items():
            self.send_header(name, value)
        self.end_headers(), self.wfile.write(content)

http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[2])), Shop).serve_forever()
