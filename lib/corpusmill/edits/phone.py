"""Phone numbers become <PHONE>."""

from corpusmill.edits.registry import EditPart, mask
from corpusmill.kernels.phones import find_phones

EDITS = (
    EditPart(
        name="phone",
        version=1,
        kind="span",
        doc="a number with a plus sign, an area code in parentheses or digits grouped 3-3-4; never a bare run of digits or a date",
        find=mask(find_phones, "<PHONE>", "phone"),
        examples=(
            ("call +1 (555) 123-4567 now", "call <PHONE> now"),
            ("206-555-1234, (030) 123456", "<PHONE>, <PHONE>"),
            ("2024-01-15 12 and 2065551234567", "2024-01-15 12 and 2065551234567"),
        ),
    ),
)
