"""Archives of source code made by tests, and what is read from them."""

import io
import tarfile
import zipfile

from corpusmill.ingest.code import read_code
from corpusmill.ingest.rows import Record
from corpusmill.settings import IngestSettings

MIT = (
    b"Permission is hereby granted, free of charge, to any person obtaining a copy of this software, to deal in it. "
    b"The above copyright notice and this permission notice shall be included in all copies."
)
APACHE = b"Apache License\n  Version 2.0, January 2004\n"


# The licence of the top folder comes after what it is of.
def as_zip(files, compression=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def as_tar(files, form=tarfile.PAX_FORMAT, kind=tarfile.REGTYPE):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size, info.type = len(data), kind
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def code(data, name="r.tar", **settings):
    return list(read_code(io.BytesIO(data), name, IngestSettings(**settings)))


def seen(items):
    found = [item for item in items if isinstance(item, Record)]
    return {item.attributes["path"]: (item.text.decode(), item.attributes["language"], item.attributes.get("licence")) for item in found}
