"""A provider of OpenID Connect on loopback, with keys of its own, that misbehaves as told."""

import base64
import hmac
import json
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from secrets import token_urlsafe
from threading import Thread
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "bihuan", "s3cret:with/odd%chars"


class Issuer:
    """Who signs in is ``who``; ``changed`` overrides claims, ``sign`` makes the token."""

    def __init__(self, port, keys, now):
        self.url, self.keys, self.now = f"http://127.0.0.1:{port}", list(keys), now
        self.who = {"sub": "u-1", "email": "owner1@example.cn", "email_verified": True}
        self.changed, self.codes, self.asked_for_keys = {}, {}, 0
        self.sign, self.about, self.published = self.signed, {}, list(keys[:1])

    def claims(self, nonce):
        at = int(self.now().timestamp())
        made = {
            "iss": self.url, "aud": CLIENT, "exp": at + 300, "iat": at, "nonce": nonce,
            **self.who, **self.changed,
        }  # fmt: skip
        return {name: value for name, value in made.items() if value is not None}

    def signed(self, claims):
        key = self.published[0]
        return jwt.encode({"alg": "RS256", "kid": key.kid}, claims, key)

    def signed_by(self, key, **header):
        """Sign by this key, whatever the header says."""
        self.sign = lambda claims: jwt.encode({"alg": "RS256", **header}, claims, key)

    def unsigned(self, claims):
        return ".".join((_part({"alg": "none"}), _part(claims), ""))

    def by_the_public_key(self, claims):
        """What fools a verifier that takes any algorithm: HMAC, with the public key as secret."""
        key = self.published[0]
        said = f"{_part({'alg': 'HS256', 'kid': key.kid})}.{_part(claims)}"
        made = hmac.digest(key.as_pem(private=False), said.encode(), "sha256")
        return f"{said}.{base64.urlsafe_b64encode(made).rstrip(b'=').decode()}"

    def rotate(self):
        self.published = self.keys[1:2]

    def document(self):
        return {
            "issuer": self.url, "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token", "jwks_uri": f"{self.url}/jwks", **self.about,
        }  # fmt: skip

    def let_through(self, asked):
        code = token_urlsafe(8)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def redeem(self, form, authorization):
        asked = self.codes.pop(form.get("code", ""), None)
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        verifier = sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(verifier).rstrip(b"=").decode()
        fits = (
            asked is not None and authorization == f"Basic {basic}"
            and asked["code_challenge_method"] == "S256" and asked["code_challenge"] == challenge
            and asked["redirect_uri"] == form.get("redirect_uri")
        )  # fmt: skip
        if not fits:
            return 400, {"error": "invalid_grant"}
        token = self.sign(self.claims(asked["nonce"]))
        return 200, {"access_token": "a", "token_type": "Bearer", "id_token": token}


def two_keys():
    """RSA keys: the one that signs, and the next."""
    return [RSAKey.generate_key(2048, {"kid": f"key-{n}", "use": "sig"}) for n in (1, 2)]


@contextmanager
def issuing(keys, now):
    """The provider, on a port of its own."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            address = urlsplit(self.path)
            if address.path == "/authorize":
                asked = {name: values[0] for name, values in parse_qs(address.query).items()}
                self.send_response(302)
                self.send_header("Location", issuer.let_through(asked))
                self.send_header("Content-Length", "0")
                self.end_headers()
            elif address.path == "/jwks":
                issuer.asked_for_keys += 1
                self.tell(200, {"keys": [each.as_dict(private=False) for each in issuer.published]})
            else:
                self.tell(200, issuer.document())

        def do_POST(self):
            text = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(text).items()}
            self.tell(*issuer.redeem(form, self.headers.get("Authorization", "")))

        def tell(self, status, said):
            body = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    issuer = Issuer(server.server_port, keys, now)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _part(said):
    return base64.urlsafe_b64encode(json.dumps(said).encode()).rstrip(b"=").decode()
