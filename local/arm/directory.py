"""The local directory: one tenant, one subscription, and the tokens that it issues.

Claims are those of Entra ID's v1 access tokens (learn.microsoft.com/entra/identity-platform/
access-token-claims-reference); the signature is an HMAC with a key of this checkout, as only the endpoint and its blob
service have to trust it.
"""

import hmac
import secrets
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass

import jwt

from local.arm.errors import ArmError
from local.arm.store import Store

LIFETIME_SECONDS = 24 * 3600
"""Lifetime of a token; managed identity tokens live 24 hours."""
ALGORITHM = "HS256"
TOKENS_REMEMBERED = 64
"""Found good, so that their signature need not be computed again."""


@dataclass(frozen=True)
class Identity:
    """Who a token speaks for."""

    object_id: str
    client_id: str


class Directory:
    """Tenant, subscription, the caller's identity and its secrets: made once, kept in the store."""

    def __init__(self, store: Store) -> None:
        with store.transaction():
            self.tenant_id: str = _kept(store, "tenant_id", lambda: str(uuid.uuid4()))
            self.subscription_id: str = _kept(store, "subscription_id", lambda: str(uuid.uuid4()))
            self.caller = Identity(
                object_id=_kept(store, "caller_object_id", lambda: str(uuid.uuid4())),
                client_id=_kept(store, "caller_client_id", lambda: str(uuid.uuid4())),
            )
            self.secret: str = _kept(store, "identity_secret", lambda: secrets.token_urlsafe(32))
            """What a client shows to be given a token: `IDENTITY_HEADER`, or the secret of a service principal."""
            self._verified: dict[str, dict[str, object]] = {}
            """Claims of tokens that were found good: a client shows one and the same with every request."""
            self._key: str = _kept(store, "token_key", lambda: secrets.token_hex(32))

    @property
    def token_key(self) -> bytes:
        """The key that tokens are signed with."""
        return bytes.fromhex(self._key)

    @property
    def issuer(self) -> str:
        """The issuer in tokens."""
        return f"https://sts.windows.net/{self.tenant_id}/"

    def knows_secret(self, shown: str) -> bool:
        """Whether a client showed the secret; takes the same time for every wrong one."""
        return hmac.compare_digest(shown.encode(), self.secret.encode())

    def issue(self, audience: str, identity: Identity | None = None, lifetime_seconds: int = LIFETIME_SECONDS) -> str:
        """A token for an audience, by default for the caller."""
        who = identity or self.caller
        now = int(time.time())
        claims = {
            "aud": audience,
            "iss": self.issuer,
            "iat": now,
            "nbf": now,
            "exp": now + lifetime_seconds,
            "tid": self.tenant_id,
            "oid": who.object_id,
            "sub": who.object_id,
            "appid": who.client_id,
            "idtyp": "app",
            "ver": "1.0",
        }
        return jwt.encode(claims, self.token_key, ALGORITHM)

    def verify(self, authorization: str | None) -> dict[str, object]:
        """The claims of the bearer token in an Authorization header; raises ArmError 401 in ARM's words."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.casefold() != "bearer" or not token:
            raise self._refusal("AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing.")
        known = self._verified.get(token)
        if known is None:
            if len(self._verified) >= TOKENS_REMEMBERED:
                self._verified.clear()
            known = self._verified[token] = self._decoded(token.strip())
        if float(str(known["exp"])) <= time.time():
            raise self._expired()
        return known

    def _decoded(self, token: str) -> dict[str, object]:
        try:
            claims: dict[str, object] = jwt.decode(
                token,
                self.token_key,
                [ALGORITHM],
                issuer=self.issuer,
                options={"verify_aud": False, "require": ["exp", "iss", "oid", "aud"]},
            )
        except jwt.ExpiredSignatureError as error:
            raise self._expired() from error
        except jwt.PyJWTError as error:
            message = (
                "The access token is invalid: it was not issued by this endpoint. Get one from its own token route."
            )
            raise self._refusal("InvalidAuthenticationToken", message) from error
        return claims

    def _expired(self) -> ArmError:
        return self._refusal("ExpiredAuthenticationToken", "The access token has expired; get a new one.")

    def _refusal(self, code: str, message: str) -> ArmError:
        challenge = f'Bearer authorization_uri="https://login.windows.net/{self.tenant_id}", error="invalid_token"'
        return ArmError(401, code, message, headers={"WWW-Authenticate": challenge})


def _kept(store: Store, name: str, make: Callable[[], str]) -> str:
    value = store.setting(name, None)
    if value is None:
        value = make()
        store.set_setting(name, value)
    return str(value)
