"""Texts of three topics' words among common ones, with their labels: what classifiers of the tests learn."""

import numpy as np
import pyarrow as pa

TOPICS = {
    "sea": "ship sail harbour wave tide anchor crew storm captain whale".split(),
    "kitchen": "bread oven salt butter knife recipe spoon dough flour sugar".split(),
    "law": "court judge appeal statute clause witness verdict plea counsel bench".split(),
}
SHARED = "the of and a in to it is was for with on as at by from 中文 Würde émigré".split()


def examples(count, seed, noise=0.1):
    """Texts of a topic's words among common ones; a share `noise` have a label that is drawn anew."""
    random = np.random.default_rng(seed)
    texts, labels = [], []
    names = list(TOPICS)
    for _ in range(count):
        label = names[random.integers(3)]
        words = [*random.choice(TOPICS[label], 4), *random.choice(SHARED, 16)]
        texts.append(" ".join(random.permutation(words)))
        labels.append(names[random.integers(3)] if random.random() < noise else label)
    return pa.RecordBatch.from_arrays([pa.array(texts), pa.array(labels)], names=["text", "label"])
