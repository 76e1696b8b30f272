"""Lines of progress: each said once, in order, also when rank 0 begins anew."""

import time

from corpusmill.train import said
from corpusmill.train.loop import Metrics


def settle(heard, count):
    """Wait for the reader's next look, at most three seconds."""
    for _ in range(60):
        if len(heard) >= count:
            break
        time.sleep(0.05)


def test_each_line_is_said_once_and_in_order(tmp_path):
    path, heard = str(tmp_path / "run" / "said.json"), []
    said.LineWriter(path)("of an earlier run")
    with said.LineReader(path, heard.append):
        write = said.LineWriter(path)
        write("one")
        write("two")
        settle(heard, 2)
        write("three")
    assert heard == ["one", "two", "three"]


def test_lines_of_a_second_attempt_are_said_too(tmp_path):
    path, heard = str(tmp_path / "said.json"), []
    with said.LineReader(path, heard.append):
        said.LineWriter(path)("step 1")
        settle(heard, 1)
        again = said.LineWriter(path)
        again("goes on from step 20")
        again("step 21")
    assert heard == ["step 1", "goes on from step 20", "step 21"]


def test_more_lines_than_the_file_keeps_lose_the_oldest(tmp_path):
    path, heard = str(tmp_path / "said.json"), []
    with said.LineReader(path, heard.append):
        write = said.LineWriter(path)
        for number in range(said.KEPT + 5):
            write(str(number))
    assert heard[-said.KEPT :] == [str(number) for number in range(5, said.KEPT + 5)]


def test_steps_are_told_first_last_and_now_and_then():
    heard = []
    tell = said.StepLines(100, heard.append)
    for step in range(1, 101):
        tell(Metrics(step, step, 2.5, 0.1, 1.0, 12_345.6))
    assert heard == [f"train_model: step {step} of 100  loss 2.500  12,346 tokens/s" for step in (1, 100)]
