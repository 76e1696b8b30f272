"""One spelling for the URLs of one page: what names the same page by the standard, and what only says where a visitor came from, goes.

Sources: RFC 3986 section 6.2 (case, percent signs, dot segments, default ports); the Internet Archive's canonicalisation of its index, which also
drops the scheme, `www.`, users, session ids and a last slash (webarchive-commons, AggressiveIAURLCanonicalizer).
"""

import re
from typing import Final

from corpusmill.ingest.urls import normal_host

_URL: Final = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):(?://([^/?#\\]*))?(.*)", re.DOTALL)
_REMOVED: Final = re.compile(r"[\t\r\n]+")
"""What browsers remove from inside a URL (WHATWG URL section 4.4)."""
_LONGEST: Final = 8192
"""Characters that are looked at again one by one; a longer URL stays as it is."""
_DEFAULT_PORTS: Final = {"http": "80", "https": "443"}
_PORT: Final = re.compile(r":(\d*)$")
_WWW: Final = re.compile(r"^www\d*\.(?=.*\.)")
_PERCENT: Final = re.compile(r"(?<!%)%([0-9a-fA-F]{2})")
"""Behind a bare percent sign what is decoded could make another one of it."""
_UNRESERVED: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_NOT_WRITTEN: Final = re.compile(r"[^!-~]")
"""What a URL holds with percent signs alone: spaces and everything beyond ASCII."""
_PATH_SESSION: Final = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/;?]*", re.IGNORECASE)
_TRACKING: Final = re.compile(
    r"(?:utm_\w+|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|igshid|mc_cid|mc_eid|_ga|_gl|_hsenc|_hsmi|mkt_tok|ref_src"
    r"|jsessionid|phpsessid|aspsessionid\w*|sessionid|session_id|cfid|cftoken)",
    re.IGNORECASE,
)
"""Parameters that say who came and from where, and not what is shown."""


def canonical_url(url: str) -> str:
    """`host[:port]/path[?query]` of an http(s) URL, without what does not name the page; another URL stays as it is. Never raises."""
    url = _REMOVED.sub("", url.strip())
    found = _URL.fullmatch(url)
    scheme = found.group(1).lower() if found else ""
    if found is None or scheme not in _DEFAULT_PORTS or not found.group(2) or len(url) > _LONGEST:
        return url
    path, mark, fragment = found.group(3).partition("#")
    path, _, query = path.partition("?")
    shown = f"#{_escaped(fragment)}" if mark and fragment.startswith("!") else ""
    return _host(found.group(2), scheme) + _path(path) + _query(query) + shown


def _host(authority: str, scheme: str) -> str:
    """The host without user, `www.` and the scheme's own port."""
    port = _PORT.search(authority.rpartition("@")[2])
    number = (port.group(1).lstrip("0") if port else "") or _DEFAULT_PORTS[scheme]
    host = _WWW.sub("", normal_host(authority))
    return host if number == _DEFAULT_PORTS[scheme] else f"{host}:{number}"


def _path(path: str) -> str:
    """Without dot segments, session ids and a last slash."""
    path = _PATH_SESSION.sub("", _escaped(path.replace("\\", "/")))
    if "/." in path:
        path = _without_dots(path)
    return path.rstrip("/") or "/"


def _without_dots(path: str) -> str:
    """`.` and `..` resolved (RFC 3986 section 5.2.4); a last slash may go with them."""
    left: list[str] = []
    for segment in path.split("/")[1:]:
        if segment != "..":
            left += [segment] if segment != "." else []
        elif left:
            left.pop()
    return "/" + "/".join(left)


def _query(query: str) -> str:
    """Its parameters by name and value, without those that track."""
    parameters = [part for part in map(_escaped, query.split("&")) if part and not _TRACKING.fullmatch(part.partition("=")[0])]
    return "?" + "&".join(sorted(parameters)) if parameters else ""


def _escaped(part: str) -> str:
    """Percent signs only where they are needed, in upper case (RFC 3986 section 6.2.2)."""
    part = _NOT_WRITTEN.sub(lambda found: "".join(f"%{byte:02X}" for byte in found.group().encode("utf-8", "replace")), part)
    return _PERCENT.sub(_needed, part)


def _needed(found: re.Match[str]) -> str:
    character = chr(int(found.group(1), 16))
    return character if character in _UNRESERVED else found.group().upper()
