"""What a table and a column are: names that know their types, and the check at a stage's borders."""

from typing import TYPE_CHECKING, ClassVar

from corpusmill.errors import StoreError

if TYPE_CHECKING:
    from pyspark.sql.types import StructType


class Column(str):
    """A column's name that knows its type; a `str`, so that it goes wherever a name goes."""

    type: str
    doc: str

    def __new__(cls, name: str, type_: str, doc: str) -> "Column":
        """`type_` is a Spark DDL type as `simpleString()` prints it."""
        self = super().__new__(cls, name)
        self.type = type_
        self.doc = doc
        return self

    def __getnewargs__(self) -> tuple[str, str, str]:  # type: ignore[override]
        """Pickle with type and meaning: columns travel into Python workers inside stages."""
        return str(self), self.type, self.doc


def declare(type_: str, doc: str) -> Column:
    """A column declared in a table's body; `Table.__init_subclass__` gives it the name of its attribute."""
    return Column("", type_, doc)


def names(*columns: str) -> list[str]:
    """Columns as `on=` of a join takes them."""
    return list(columns)


class Table:
    """One table. Its attributes are its columns."""

    name: ClassVar[str]
    primary_key: ClassVar[tuple[str, ...]] = ()
    partitioned_by: ClassVar[tuple[str, ...]] = ()
    unindexed: ClassVar[tuple[str, ...]] = ()
    """Columns kept out of Delta's statistics: 32 characters of each would survive in the log after a deletion."""
    _declared: ClassVar[tuple[Column, ...]] = ()

    def __init_subclass__(cls) -> None:
        """Name each column after its attribute; those of the base come first."""
        columns = {k: Column(k, v.type, v.doc) for k, v in vars(cls).items() if isinstance(v, Column)}
        for name, column in columns.items():
            setattr(cls, name, column)
        cls._declared = cls._declared + tuple(columns.values())

    @classmethod
    def columns(cls) -> tuple[Column, ...]:
        """All columns in order."""
        return cls._declared

    @classmethod
    def ddl(cls) -> str:
        """The schema as mapInArrow, a data source and createDataFrame take it."""
        return ", ".join(f"`{column}` {column.type}" for column in cls.columns())

    @classmethod
    def check(cls, schema: "StructType", where: str) -> None:
        """Raise StoreError with every column of `schema` that is missing or mistyped, and what it must be."""
        found = {field.name: field.dataType.simpleString() for field in schema.fields}
        wrong = [f"{c} is {found.get(c, 'missing')}, must be {c.type} ({c.doc})" for c in cls.columns() if found.get(c) != c.type]
        if wrong:
            raise StoreError(f"{where} needs table {cls.name}, but: " + "; ".join(wrong))
