"""E-mail addresses become <EMAIL>."""

from corpusmill.edits.registry import EditPart, mask
from corpusmill.kernels.emails import find_emails

EDITS = (
    EditPart(
        name="email",
        version=1,
        kind="span",
        doc="a local part, @ and a domain that ends in letters; not credentials in a URL, not user@host:path of a version control system",
        find=mask(find_emails, "<EMAIL>", "email"),
        examples=(
            ("Mail me: john.doe@example.com.", "Mail me: <EMAIL>."),
            ("table cell: name@corp.io|next", "table cell: <EMAIL>|next"),
            ("git@github.com:org/repo.git", "git@github.com:org/repo.git"),
            ("@foo and logo@2x.png and a@b", "@foo and logo@2x.png and a@b"),
        ),
    ),
)
