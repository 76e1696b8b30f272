"""The definition of semantic duplicates, literally: numpy in float64, one document after the other."""

import numpy as np


def directions(seed, count, size, groups, spread):
    """Seeded unit vectors float32[count, size] around `groups` directions, some of them exact copies."""
    draw = np.random.default_rng(seed)
    centres = draw.normal(size=(groups, size))
    made = centres[draw.integers(0, groups, count)] + spread * draw.normal(size=(count, size))
    copies = draw.random(count) < 0.15
    made[copies] = made[draw.integers(0, count, copies.sum())]
    return (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float32)


def cosine(one, other):
    one, other = one.astype(np.float64), other.astype(np.float64)
    return min(1.0, float((one * other).sum() / np.sqrt((one * one).sum() * (other * other).sum())))


def nearest_one(vector, centroids):
    """(number, cosine) of the nearest centroid, the first of equals."""
    found = [cosine(vector, centroid) for centroid in centroids]
    return found.index(max(found)), max(found)


def lloyd(sample, count, iterations):
    different = list({vector.tobytes(): vector for vector in sample}.values())
    centroids = np.array(different[:count])
    for _ in range(iterations):
        members = [[] for _ in centroids]
        for vector in sample:
            members[nearest_one(vector, centroids)[0]].append(vector.astype(np.float64))
        for number, found in enumerate(members):
            if found:
                mean = np.sum(found, axis=0)
                centroids[number] = (mean / np.linalg.norm(mean)).astype(np.float32)
    return centroids


def greedy(members, threshold):
    """{name: (keeper, cosine)} of the (name, vector) pairs that go, in their order."""
    kept, gone = [], {}
    for name, vector in members:
        found = next(((k, cosine(vector, other)) for k, other in kept if cosine(vector, other) >= threshold), None)
        if found:
            gone[name] = found
        else:
            kept.append((name, vector))
    return gone


def published(members, threshold):
    """The names that SemDeDup's own code removes: those whose column of the upper triangle has a value above the threshold."""
    vectors = np.array([vector for _, vector in members], np.float64)
    greatest = np.triu(vectors @ vectors.T, 1).max(axis=0)
    return {name for (name, _), value in zip(members, greatest, strict=True) if value > threshold}


def semdedup(documents, centroids, threshold, keep):
    """{name: (keeper, cosine)} of (name, vector) pairs in document order."""
    sign = {"first": 0, "hard": 1, "easy": -1}[keep]
    placed = [(*nearest_one(vector, centroids), name, vector) for name, vector in documents]
    gone = {}
    for cluster in range(len(centroids)):
        own = sorted((sign * near, rank, name, vector) for rank, (c, near, name, vector) in enumerate(placed) if c == cluster)
        gone |= greedy([(name, vector) for *_, name, vector in own], threshold)
    return gone
