"""What numba has no words for: unaligned little-endian loads and stores without index wrapping, the upper half of a product, counting bits."""

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic


def _load(bits: int) -> Any:
    """An intrinsic (data, i) -> uint64: the little-endian integer of so many bits at data[i:], whatever its alignment.

    i must not be negative: unlike data[i], it does not count from the end then, which saves a comparison a byte.
    """

    def load(typing_context: Any, data: Any, i: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            array = cgutils.create_struct_proxy(signature.args[0])(context, builder, arguments[0])
            index = context.cast(builder, arguments[1], signature.args[1], types.intp)
            word = ir.IntType(bits)
            pointer = builder.bitcast(builder.gep(array.data, [index]), word.as_pointer())
            loaded = builder.load(pointer, align=1, typ=word)
            return loaded if bits == 64 else builder.zext(loaded, ir.IntType(64))

        return types.uint64(data, i), generate

    return intrinsic(load)


@intrinsic
def store64(typing_context: Any, data: Any, i: Any, word: Any) -> Any:
    """Write a uint64 at data[i:], little-endian, whatever the alignment; i must not be negative."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array = cgutils.create_struct_proxy(signature.args[0])(context, builder, arguments[0])
        index = context.cast(builder, arguments[1], signature.args[1], types.intp)
        pointer = builder.bitcast(builder.gep(array.data, [index]), ir.IntType(64).as_pointer())
        builder.store(context.cast(builder, arguments[2], signature.args[2], types.uint64), pointer, align=1)
        return context.get_dummy_value()

    return types.void(data, i, word), generate


load8 = _load(8)
load32 = _load(32)
load64 = _load(64)


@intrinsic
def high_product(typing_context: Any, a: Any, b: Any) -> Any:
    """The upper 64 bits of the 128-bit product of two uint64."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        wide = ir.IntType(128)
        first, second = (context.cast(builder, value, kind, types.uint64) for value, kind in zip(arguments, signature.args, strict=True))
        product = builder.mul(builder.zext(first, wide), builder.zext(second, wide))
        return builder.trunc(builder.lshr(product, ir.Constant(wide, 64)), ir.IntType(64))

    return types.uint64(a, b), generate


def _bits(method: str, *flags: int) -> Any:
    """An intrinsic (word) -> int64 around one of LLVM's instructions on bits."""

    def count(typing_context: Any, word: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            value = context.cast(builder, arguments[0], signature.args[0], types.uint64)
            return getattr(builder, method)(value, *(ir.Constant(ir.IntType(1), flag) for flag in flags))

        return types.int64(word), generate

    return intrinsic(count)


trailing_zeros = _bits("cttz", 0)
leading_zeros = _bits("ctlz", 0)
bits_set = _bits("ctpop")
