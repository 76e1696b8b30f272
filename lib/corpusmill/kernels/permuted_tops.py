"""The upper 29 bits of many 61-bit MinHash values at a time, in 32-bit lanes: enough to say which shingles may hold a minimum.

Of x = (h a + b) mod 2^64, whose value is v = x mod (2^61 - 1), the bits 32 to 60 are u or u - 1, if u are the upper bits of v, unless v wraps; they
are taken without the carry of the lower bits of b, so 1 less again where there is one. With 2 added, a top is u, u + 1 or u + 2.
"""

from typing import Any, Final

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

STRIP: Final = 64
"""Shingle hashes looked at in one call."""
SLACK: Final = 2
"""So much above the least top may that of the least value be."""
UNSURE: Final = 1
"""Up to here a top may be that of a value near 2^61, of the largest or of the least, which wrapped: look at all values then."""
_LANES: Final = 8
_I32, _I64 = ir.IntType(32), ir.IntType(64)
_EIGHT, _FOUR = ir.VectorType(_I32, _LANES), ir.VectorType(_I64, _LANES // 2)


def _spread(builder: Any, value: Any, vector: Any) -> Any:
    """A vector with the value in every lane."""
    one = builder.insert_element(ir.Constant(vector, ir.Undefined), value, ir.Constant(_I32, 0))
    return builder.shuffle_vector(one, one, ir.Constant(ir.VectorType(_I32, vector.count), [0] * vector.count))


def _all(vector: Any, value: int) -> Any:
    return ir.Constant(vector, [value] * vector.count)


def _least(builder: Any, a: Any, b: Any) -> Any:
    return builder.select(builder.icmp_unsigned("<", a, b), a, b)


def _tops(context: Any, builder: Any, signature: Any, arguments: Any) -> list[Any]:
    """Eight vectors of eight lanes, from (low, high, i, factor, addend)."""
    low, high = (
        cgutils.create_struct_proxy(kind)(context, builder, array).data for kind, array in zip(signature.args[:2], arguments, strict=False)
    )
    i = context.cast(builder, arguments[2], signature.args[2], types.intp)
    factor, addend = (context.cast(builder, arguments[k], signature.args[k], types.uint64) for k in (3, 4))
    lower, upper, added = (builder.trunc(value, _I32) for value in (factor, _upper(builder, factor), _upper(builder, addend)))
    lowers, uppers, addends = (_spread(builder, value, _EIGHT) for value in (lower, upper, builder.add(added, ir.Constant(_I32, SLACK))))
    wide = _spread(builder, builder.zext(lower, _I64), _FOUR)
    found = []
    for k in range(0, STRIP, _LANES):
        at = builder.add(i, ir.Constant(_I64, k))
        lo, hi = (builder.load(builder.bitcast(builder.gep(data, [at]), _EIGHT.as_pointer()), align=4, typ=_EIGHT) for data in (low, high))
        pair = builder.bitcast(lo, _FOUR)
        even = builder.lshr(builder.mul(builder.and_(pair, _all(_FOUR, 0xFFFFFFFF)), wide), _all(_FOUR, 32))
        odd = builder.and_(builder.mul(builder.lshr(pair, _all(_FOUR, 32)), wide), _all(_FOUR, 0xFFFFFFFF00000000))
        products = builder.add(builder.mul(lo, uppers), builder.mul(hi, lowers))
        total = builder.add(builder.add(builder.bitcast(builder.or_(even, odd), _EIGHT), addends), products)
        found.append(builder.and_(total, _all(_EIGHT, (1 << 29) - 1)))
    return found


def _upper(builder: Any, value: Any) -> Any:
    return builder.lshr(value, ir.Constant(_I64, 32))


@intrinsic
def least_top(typing_context: Any, low: Any, high: Any, i: Any, factor: Any, addend: Any) -> Any:
    """The least top of the permuted hashes i to i + STRIP, whose halves are `low` and `high`, uint32[n]."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        first, *others = _tops(context, builder, signature, arguments)
        for other in others:
            first = _least(builder, first, other)
        for half in (4, 2, 1):
            turned = ir.Constant(ir.VectorType(_I32, _LANES), [(lane + half) % _LANES for lane in range(_LANES)])
            first = _least(builder, first, builder.shuffle_vector(first, first, turned))
        return builder.zext(builder.extract_element(first, ir.Constant(_I32, 0)), _I64)

    return types.int64(low, high, i, factor, addend), generate


@intrinsic
def tops_up_to(typing_context: Any, low: Any, high: Any, i: Any, factor: Any, addend: Any, bound: Any) -> Any:
    """Of the same hashes, a bit for each whose top is at most `bound`, below 2^32; the first one's is lowest."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        most = context.cast(builder, arguments[5], signature.args[5], types.uint64)
        bounds = _spread(builder, builder.trunc(most, _I32), _EIGHT)
        bits = ir.Constant(_I64, 0)
        for k, tops in enumerate(_tops(context, builder, signature, arguments)):
            few = builder.zext(builder.bitcast(builder.icmp_unsigned("<=", tops, bounds), ir.IntType(_LANES)), _I64)
            bits = builder.or_(bits, builder.shl(few, ir.Constant(_I64, k * _LANES)))
        return bits

    return types.uint64(low, high, i, factor, addend, bound), generate
