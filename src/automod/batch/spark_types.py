"""Arrow types as Spark has them, and the other way round."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from automod.errors import MissingExtra
from automod.model.arrow import arrow


class MissingSpark(MissingExtra):
    """PySpark is absent, which is no dependency of ours: a cluster brings its own version.

    >>> print(MissingSpark("deciding on Spark"))
    deciding on Spark needs PySpark, which you bring: pip install pyspark 'automod-ads[spark]'
    """

    def __init__(self, needed_for: str) -> None:
        super().__init__("spark", needed_for)

    def __reduce__(self) -> tuple[type[MissingSpark], tuple[str]]:
        return MissingSpark, (self.needed_for,)

    def __str__(self) -> str:
        return (
            f"{self.needed_for} needs PySpark, which you bring: "
            "pip install pyspark 'automod-ads[spark]'"
        )


def spark(needed_for: str) -> Any:
    """The module `pyspark.sql`, with `functions` and `types`.

    Args:
        needed_for: what it is asked for, as the error says it.

    Raises:
        MissingSpark: it is not installed.
    """
    try:
        import pyspark.sql  # type: ignore[import-not-found,unused-ignore]
        import pyspark.sql.functions  # type: ignore[import-not-found,unused-ignore]
        import pyspark.sql.types  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        raise MissingSpark(needed_for) from None
    return pyspark.sql


def without_dictionaries(schema: Any) -> Any:
    """An Arrow schema whose dictionaries are what they hold: Spark has none.

    >>> from automod.model.arrow import decision_schema
    >>> str(without_dictionaries(decision_schema()).field("ruleset").type)
    'string'
    """
    pa = arrow("Spark")
    return pa.schema([field.with_type(_opened(field.type, pa)) for field in schema])


def _opened(found: Any, pa: Any) -> Any:
    return found.value_type if pa.types.is_dictionary(found) else found


_SCALARS: Final = (
    ("string", "StringType"), ("binary", "BinaryType"), ("bool_", "BooleanType"),
    ("int32", "IntegerType"), ("int64", "LongType"), ("float64", "DoubleType"),
    ("date32", "DateType"),
)  # fmt: skip
"""The Arrow types of our schemas, and their names in Spark."""

_OTHER_SCALARS: Final = (
    ("int8", "ByteType"), ("int16", "ShortType"), ("float32", "FloatType"), ("null", "NullType"),
)  # fmt: skip
"""What comes from Spark beside them."""


def spark_type(found: Any) -> Any:
    """The type in Spark of an Arrow type of our schemas.

    Raises:
        MissingSpark: PySpark is not installed.
        TypeError: no schema of ours has it.
    """
    pa, sql = arrow("Spark").types, spark("a schema of Spark").types
    for name, known in _SCALARS:
        if found == getattr(arrow("Spark"), name)():
            return getattr(sql, known)()
    if pa.is_list(found):
        return sql.ArrayType(spark_type(found.value_type))
    if pa.is_map(found):
        return sql.MapType(spark_type(found.key_type), spark_type(found.item_type))
    if pa.is_struct(found):
        return spark_schema(found)
    raise TypeError(f"{found} has no type of Spark here")


def spark_schema(fields: Any) -> Any:
    """The schema of Spark for the fields of an Arrow schema or struct."""
    sql = spark("a schema of Spark").types
    return sql.StructType([sql.StructField(one.name, spark_type(one.type)) for one in fields])


def arrow_type(found: Any) -> Any:
    """The Arrow type of a type in Spark; None where a creative has nothing of that kind.

    Args:
        found: a `pyspark.sql.types.DataType`.
    """
    pa, sql = arrow("Spark"), spark("a schema of Spark").types
    for name, known in (*_SCALARS, *_OTHER_SCALARS):
        if isinstance(found, getattr(sql, known)):
            return getattr(pa, name)()
    if isinstance(found, (sql.TimestampType, sql.TimestampNTZType)):
        zone = "UTC" if isinstance(found, sql.TimestampType) else None
        return pa.timestamp("us", zone)
    inner: Mapping[str, Any] = _inner(found, sql)
    if not inner or any(one is None for one in inner.values()):
        return None
    if isinstance(found, sql.ArrayType):
        return pa.list_(inner["element"])
    if isinstance(found, sql.MapType):
        return pa.map_(inner["key"], inner["value"])
    return pa.struct(list(inner.items()))


def _inner(found: Any, sql: Any) -> dict[str, Any]:
    """The Arrow types inside a type of Spark, by their names in it."""
    if isinstance(found, sql.ArrayType):
        return {"element": arrow_type(found.elementType)}
    if isinstance(found, sql.MapType):
        return {"key": arrow_type(found.keyType), "value": arrow_type(found.valueType)}
    if isinstance(found, sql.StructType):
        return {one.name: arrow_type(one.dataType) for one in found}
    return {}
