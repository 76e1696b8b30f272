"""The report on languages: right where everything is found, red where ours loses more than it may."""

import zipfile

from benchmarks.language_accuracy import accuracy, answers, is_good_enough, texts_of

LINES = {
    "eng": "All human beings are born free and equal in dignity and rights.\n",
    "deu_1996": "Alle Menschen sind frei und gleich an W\u00fcrde und Rechten geboren.\n",
    "xxx": "This language is none that the model knows.\n",
}


def test_texts_are_named_by_their_languages_and_found(tmp_path):
    path = tmp_path / "texts.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, line in LINES.items():
            archive.writestr(f"udhr2/{name}.txt", line * 40)
    labels, texts = map(list, zip(*texts_of(path), strict=True))
    assert labels == ["de", "en"]
    found = answers(texts)
    assert list(found.values()) == [labels] * 4
    assert is_good_enough(found, labels)


def test_a_loss_is_seen():
    labels = ["en"] * 100
    found = {"lid.176": labels, "ours, whole": [*labels[:97], "de", "de", "de"]}
    assert accuracy(found["ours, whole"], labels) == 0.97
    assert not is_good_enough(found, labels)
    assert is_good_enough(found | {"ours, whole": [*labels[:98], "de", "de"]}, labels)
