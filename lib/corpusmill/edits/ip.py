"""Public IPv4 addresses become <IP>."""

from corpusmill.edits.registry import EditPart, mask
from corpusmill.kernels.addresses import find_addresses

EDITS = (
    EditPart(
        name="ip",
        version=1,
        kind="span",
        doc="a public address of four numbers; not a private one, a version, a section or a longer dotted number",
        find=mask(find_addresses, "<IP>", "ip"),
        examples=(
            ("from 93.184.216.34:8080", "from <IP>:8080"),
            ("DNS server 8.8.8.8, version 93.184.216.34", "DNS server <IP>, version 93.184.216.34"),
            ("127.0.0.1 10.0.0.1 v1.2.3.4 1.2.3.4.5 999.1.1.1", "127.0.0.1 10.0.0.1 v1.2.3.4 1.2.3.4.5 999.1.1.1"),
        ),
    ),
)
