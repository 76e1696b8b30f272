"""What each of 64 bytes of text is, as a bit each, by vector instructions: a comparison for all of them and the upper bits taken together."""

from collections.abc import Callable
from typing import Any, Final

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

WIDTH: Final = 64
"""Bytes that are looked at, one bit each in a uint64. All of them must be in the buffer."""
_VECTOR = ir.VectorType(ir.IntType(8), WIDTH)


def _bit_set(compare: Callable[[Any, Any], Any]) -> Any:
    """An intrinsic (data, i) -> uint64 of the bytes data[i : i + 64] for which `compare` (builder, vector) holds, the first one's bit lowest."""

    def mark(typing_context: Any, data: Any, i: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            array = cgutils.create_struct_proxy(signature.args[0])(context, builder, arguments[0])
            index = context.cast(builder, arguments[1], signature.args[1], types.intp)
            pointer = builder.bitcast(builder.gep(array.data, [index]), _VECTOR.as_pointer())
            return builder.bitcast(compare(builder, builder.load(pointer, align=1, typ=_VECTOR)), ir.IntType(WIDTH))

        return types.uint64(data, i), generate

    return intrinsic(mark)


def _all(byte: int) -> Any:
    return ir.Constant(_VECTOR, [byte] * WIDTH)


def _between(first: int, last: int, case: int = 0) -> Any:
    """Bytes from first to last, after the bits of `case` are set."""
    return _bit_set(
        lambda builder, bytes_: builder.icmp_unsigned("<=", builder.sub(builder.or_(bytes_, _all(case)), _all(first)), _all(last - first))
    )


letters_at = _between(0x61, 0x7A, 0x20)
small_letters_at = _between(0x61, 0x7A)
digits_at = _between(0x30, 0x39)
zeros_at = _between(0x30, 0x30)
spaces_at = _between(0x20, 0x20)
no_ascii_at = _between(0x80, 0xFF)
