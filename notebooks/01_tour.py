# %% [markdown]
# # A tour of the demo's tables
# Run `make demo` first. Everything here reads tables; nothing is trained or downloaded.

# %%
import os

from corpusmill.config import load_config
from corpusmill.paths import conf_folder
from corpusmill.reasons import REASONED, first_reasons, reasons
from corpusmill.rules.columns import reasons_column
from corpusmill.rules.rule import compile_rules
from corpusmill.session import open_session
from corpusmill.settings import StoreSettings
from corpusmill.store import Store
from corpusmill.tables import Corpus, Documents, Duplicates, Signals, Tokens, Verdicts, names
from pyspark.sql import functions as F

spark = open_session("tour")
store = Store(spark, StoreSettings(root=os.environ.get("CORPUSMILL_DEMO_STORE", "build/demo/store")))

# %% [markdown]
# ## The funnel is one groupBy
# A document counts once, under its first reason in the order of the stages.

# %%
found = reasons(*(store.read(table) for table in REASONED))
first_reasons(found).groupBy("stage", "reason").count().orderBy("stage", F.col("count").desc()).show(40, truncate=False)

# %% [markdown]
# ## Why one page went

# %%
removed = store.read(Verdicts).where(F.size(Verdicts.reasons) > 0).orderBy(Verdicts.doc_id).limit(1)
removed.join(store.read(Documents), on=names(Documents.snapshot, Documents.chunk, Documents.doc_id), how="inner").select(
    Documents.url, Verdicts.reasons, F.substring(Documents.text, 1, 200).alias("begins")
).show(truncate=False)

# %% [markdown]
# ## One document's edits
# Spans of bytes into the stored text, which itself is never changed.

# %%
store.read(Signals).where(F.size(Signals.edits) > 0).orderBy(Signals.doc_id).select(Signals.doc_id, Signals.edits).limit(1).show(
    truncate=False
)

# %% [markdown]
# ## Near duplicates, and which document each repeats

# %%
store.read(Duplicates).select(Duplicates.doc_id, Duplicates.duplicate_of, Duplicates.similarity, Duplicates.kind).show(10, truncate=False)

# %% [markdown]
# ## Another bound, without reading text
# The rules are columns over `signals`: a recipe is tried in the time of a scan of a narrow table.

# %%
config = load_config([str(conf_folder() / "recipes" / "fineweb.toml")], [])
judged = store.read(Signals).select(reasons_column(compile_rules(config.rules)).alias("reasons"))
judged.select((F.size("reasons") == 0).alias("kept by FineWeb's own bounds")).groupBy("kept by FineWeb's own bounds").count().show()

# %% [markdown]
# ## From tokens back to text

# %%
encoded = store.read(Tokens).orderBy(Tokens.doc_id).limit(1)
encoded.join(store.read(Corpus), on=names(Corpus.snapshot, Corpus.chunk, Corpus.doc_id), how="inner").select(
    Corpus.url, Tokens.n_tokens, F.slice(Tokens.tokens, 1, 12).alias("first tokens"), F.substring(Corpus.text, 1, 80).alias("text")
).show(truncate=False)
