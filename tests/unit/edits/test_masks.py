"""E-mail, phone and IP masks: what they find stands next to what they leave, and hostile strings cost linear time."""

import ipaddress
import random
import time

import pyarrow as pa
import pytest
from corpusmill.edits.registry import edit_parts
from corpusmill.kernels.addresses import is_public
from corpusmill.text.batch import TextBatch
from corpusmill.text.spans import apply_edits


def masked(name, text):
    array = pa.array(["before", text, "after"])
    return apply_edits(array, edit_parts()[name].find(TextBatch(array)))[1].as_py()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("john.doe@example.com", "<EMAIL>"),
        ("(john@example.com)", "(<EMAIL>)"),
        ("<mailto:john@example.com>", "<mailto:<EMAIL>>"),
        ("'john@example.com'", "'<EMAIL>'"),
        ("o'neil+tag@mail.example.co.uk,", "<EMAIL>,"),
        ("see...john@example.com...", "see...<EMAIL>..."),
        ("john@example.com.5", "<EMAIL>.5"),
        ("a@b.org b@c.org", "<EMAIL> <EMAIL>"),
        ("müller@example.de", "<EMAIL>"),
        ("info@müller.de", "<EMAIL>"),
        ("邮箱abc@example.com联系", "邮箱<EMAIL>联系"),
        ("иван@example.com", "<EMAIL>"),
        ("@user@example.social", "@<EMAIL>"),
        ("x@xn--bcher-kva.xn--p1ai", "<EMAIL>"),
        ("x" * 64 + "@example.com", "<EMAIL>"),
        ("x" * 65 + "@example.com", "x" * 65 + "@example.com"),
        ("x@" + "y" * 64 + ".com", "x@" + "y" * 64 + ".com"),
        ("john.@example.com", "john.@example.com"),
        ("react@18.2.0 and @media and a @ b.com", "react@18.2.0 and @media and a @ b.com"),
        ("john@-example.com john@example", "john@-example.com john@example"),
        ("logo@2x.png", "logo@2x.png"),
        ("ssh git@host.org:owner/repo", "ssh git@host.org:owner/repo"),
        ("mail john@example.com: now", "mail <EMAIL>: now"),
        ("ftp://me:secret@example.com/", "ftp://me:secret@example.com/"),
        ("@", "@"),
        ("a@", "a@"),
    ],
)
def test_email(text, expected):
    assert masked("email", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("+1 (555) 123-4567", "<PHONE>"),
        ("+44 20 7946 0958.", "<PHONE>."),
        ("+4915112345678", "<PHONE>"),
        ("+49 (0)30 123456", "<PHONE>"),
        ("+33\u00a06\u00a012\u00a034\u00a056\u00a078", "<PHONE>"),
        ("电话：+86 138 1234 5678。", "电话：<PHONE>。"),
        ("(555) 123-4567, (555)123-4567", "<PHONE>, <PHONE>"),
        ("(020) 7946 0958", "<PHONE>"),
        ("206-555-1234", "<PHONE>"),
        ("206.555.1234 206 555 1234 206 555-1234", "<PHONE> <PHONE> <PHONE>"),
        ("1-800-555-1234", "<PHONE>"),
        ("1 (800) 555-1234", "<PHONE>"),
        ("206-555-1234x55", "<PHONE>x55"),
        ("tel:206-555-1234/206-555-9876", "tel:<PHONE>/<PHONE>"),
        ("2065551234 and 1234567890123", "2065551234 and 1234567890123"),
        ("2024-01-15 12", "2024-01-15 12"),
        ("2026-06-07", "2026-06-07"),
        ("978-3-16-148410-0", "978-3-16-148410-0"),
        ("100 200 3000", "100 200 3000"),
        ("123-45-6789 123-456-78901 5206-555-1234", "123-45-6789 123-456-78901 5206-555-1234"),
        ("206-555-1234-99", "206-555-1234-99"),
        ("+1.23456789 x+123456789 +0123456789", "+1.23456789 x+123456789 +0123456789"),
        ("+1234567890123456", "+1234567890123456"),
        ("f(555) 123-4567", "f(555) 123-4567"),
        ("Nature (2001) 410-1234", "Nature (2001) 410-1234"),
        (",14,no,0.250750683890174", ",14,no,0.250750683890174"),
        ("id_206-555-1234 #206-555-1234", "id_206-555-1234 #206-555-1234"),
    ],
)
def test_phone(text, expected):
    assert masked("phone", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("93.184.216.34", "<IP>"),
        ("http://93.184.216.34:8080/x", "http://<IP>:8080/x"),
        ("93.184.216.0/24, 93.184.216.34.", "<IP>/24, <IP>."),
        ("93.184.216.34-93.184.216.40", "<IP>-<IP>"),
        ("user@93.184.216.34", "user@<IP>"),
        ("DNS 8.8.8.8", "DNS <IP>"),
        ("8.8.8.8", "8.8.8.8"),
        ("地址93.184.216.34。", "地址<IP>。"),
        ("v93.184.216.34 version 93.184.216.34 Firmware: 93.184.216.34", "v93.184.216.34 version 93.184.216.34 Firmware: 93.184.216.34"),
        ("Chrome/93.184.216.34", "Chrome/93.184.216.34"),
        ("§ 93.184.216.34", "§ 93.184.216.34"),
        ("93.184.216.34-beta 93.184.216.34a 93.184.216.34_1", "93.184.216.34-beta 93.184.216.34a 93.184.216.34_1"),
        ("93.184.216.256 93.184.216.034 93.184.216", "93.184.216.256 93.184.216.034 93.184.216"),
        ("1.3.6.1.4.1.311", "1.3.6.1.4.1.311"),
        ("MongoDB v4.4.2", "MongoDB v4.4.2"),
    ],
)
def test_ip(text, expected):
    assert masked("ip", text) == expected


@pytest.mark.parametrize("seed", range(3))
def test_public_agrees_with_the_standard_library(seed):
    chance = random.Random(seed)
    edges = [
        int(net.network_address) for net in map(ipaddress.ip_network, ("10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "198.18.0.0/15"))
    ]
    for address in [chance.getrandbits(32) for _ in range(5000)] + [
        max(edge + step, 0) for edge in edges for step in (-1, 0, 1, 2**20 - 1, 2**20)
    ]:
        stated = ipaddress.ip_address(address)
        if str(stated).startswith(("192.0.0.", "192.88.99.")):
            continue  # single addresses of 192.0.0.0/24 are global; the 6to4 relays of 192.88.99.0/24 name nobody
        assert is_public(address) == (stated.is_global and not stated.is_multicast), stated


HOSTILE = [
    "a.", "a@", "@", "1.", "1.1.1.", "1.1.1.1 ", "123-45-", "a-", ".", "+1", "(555) ", "(", "206-555-", "+1 (555) ", "a@b.", "a.@", "😀",
    "x@y.co:z", "://a:", "あ", "あ@",
]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
@pytest.mark.parametrize("name", ["email", "phone", "ip"])
def test_hostile_strings_cost_linear_time(name, piece):
    """Less than three times the time for each doubling (reference/corpus.md, section 4, rows 18 and 19): 4 n in less than 9 times of n."""
    masked(name, "compile")
    small, large = (TextBatch(pa.array([piece * (size // len(piece)) + "!"])) for size in (100_000, 400_000))
    spent = {small: 9.0, large: 9.0}
    for _ in range(7):
        for texts in spent:
            begun = time.process_time()
            edit_parts()[name].find(texts)
            spent[texts] = min(spent[texts], time.process_time() - begun)
    floor = 1e-3  # below a millisecond the fixed cost of a call is all there is
    assert spent[large] / max(spent[small], floor) < 9
