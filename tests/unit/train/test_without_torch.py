"""The package works without the extra `train`; the job then says what to install."""

import os
import subprocess
import sys

PROGRAM = """
import sys
sys.modules["torch"] = None
import corpusmill.pipeline, corpusmill.cli
from corpusmill.jobs import JOBS, make_job
for name in JOBS:
    make_job(name)
from corpusmill.errors import ConfigError
from corpusmill.settings import TrainSettings
from corpusmill.train.launch import launch
try:
    launch(None, TrainSettings(), "files", "checkpoints", print)
except ConfigError as error:
    print(error)
"""


def test_every_job_is_made_without_torch_and_training_says_what_to_install():
    result = subprocess.run([sys.executable, "-c", PROGRAM], env=dict(os.environ), capture_output=True, text=True, check=False)
    assert result.stdout == "train_model needs torch: pip install 'corpusmill[train]'\n", result.stderr
