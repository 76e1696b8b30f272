"""A URL as lists name it: its host with every domain above it, its address with every folder above it, its words. Nothing here raises."""

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

import idna

_URL = re.compile(r"(?:[a-zA-Z][a-zA-Z0-9+.-]*:)?//([^/?#\\]*)(.*)", re.DOTALL)
_BARE = re.compile(r"([^/?#\\]*)(.*)", re.DOTALL)
"""As lists write it, without a scheme."""
_PORT = re.compile(r":\d*$")
_REMOVED = re.compile(r"[\t\r\n]+")
"""What browsers remove from inside a URL (WHATWG URL section 4.4, basic parser)."""
_WWW = re.compile(r"^www\d?\.(?=.*\.)")
_LONGEST_HOST = 253
"""RFC 1035 section 3.1; of a longer one the end."""
_WORD = re.compile(r"[^\W_]+")
_LONGEST_URL = 8192
"""Characters looked at; RFC 9110 section 4.1 asks for 8,000."""


@dataclass(frozen=True)
class Address:
    """A URL in parts, in the one spelling that lists are compared in."""

    host: str
    """Lower case, in ASCII (punycode), without user, port and last dot; IPv6 shortened and in brackets; "" where there is none."""
    rest: str
    """Path and query, from its slash or question mark on, without fragment."""

    def domains(self) -> Iterator[str]:
        """The host and each domain it is in, the longest first; an IP address is in none."""
        yield self.host
        if self.host.startswith("[") or self.host.rpartition(".")[2].isdigit():
            return
        at = self.host.find(".")
        while at >= 0:
            yield self.host[at + 1 :]
            at = self.host.find(".", at + 1)

    def folders(self) -> Iterator[str]:
        """The address without `www.`, then without its query, then each folder above it with host, the longest first."""
        host = _WWW.sub("", self.host)
        path = self.rest.partition("?")[0]
        if path != self.rest:
            yield host + self.rest.rstrip("/")
        path = path.rstrip("/")
        while True:
            yield host + path
            if not path:
                return
            path = path.rpartition("/")[0].rstrip("/")


def parse_url(url: str) -> Address:
    """The parts of a URL; what stands before the first slash is the host where it has no `//`, as in lists."""
    url = _REMOVED.sub("", url[:_LONGEST_URL].strip())
    found = _URL.match(url) or _BARE.match(url)
    assert found is not None
    rest = found.group(2).partition("#")[0].replace("\\", "/")
    return Address(normal_host(found.group(1)), rest)


def normal_host(authority: str) -> str:
    """The host of `user@host:port`, as `Address.host` has it. One that is no host stays as it is, in lower case."""
    host = authority.rpartition("@")[2].strip().lower()
    if host.startswith("["):
        return _ipv6(host)
    host = _PORT.sub("", host)
    if "%" in host:
        host = unquote(host).lower()
    if not host.isascii():
        try:
            host = idna.encode(host, uts46=True).decode()
        except (idna.IDNAError, UnicodeError):
            host = host.replace("。", ".")
    return host.strip(".")[-_LONGEST_HOST:]


def _ipv6(host: str) -> str:
    inside = host[1:].partition("]")[0]
    try:
        return f"[{ipaddress.IPv6Address(inside).compressed}]"
    except ValueError:
        return f"[{inside}]"


def words_of(url: str) -> list[str]:
    """The runs of letters and digits in a URL, percent signs decoded, in lower case."""
    url = url[:_LONGEST_URL]
    return _WORD.findall((unquote(url) if "%" in url else url).lower())
