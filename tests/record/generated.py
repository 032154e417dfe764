# SPDX-License-Identifier: Apache-2.0
"""Known answers of tests/record/recipes_test.cpp, computed without reprise: initial weights and generated signals from
Philox 4x32-10 in whole numbers, digested as docs/trace-format.md says. Prints three digests."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / ".deps" / "python"))
import xxhash  # noqa: E402

MASK = 0xFFFFFFFF
WEIGHTS, DATA = 2, 3


def block(seed, stream, epoch, index):
    c = [index & MASK, index >> 32, epoch, stream]
    k = [seed & MASK, seed >> 32]
    for _ in range(10):
        a, b = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [(b >> 32) ^ c[1] ^ k[0], b & MASK, (a >> 32) ^ c[3] ^ k[1], a & MASK]
        k = [(k[0] + 0x9E3779B9) & MASK, (k[1] + 0xBB67AE85) & MASK]
    return c


def bits(seed, stream, epoch, index):
    return block(seed, stream, epoch, index // 4)[index % 4]


def hashed(message):
    value = xxhash.xxh3_128_intdigest(message + bytes(-len(message) % 1024))
    return struct.pack("<QQ", value & (2**64 - 1), value >> 64)


def digest(shape, values):
    data = struct.pack(f"<{len(values)}f", *values)
    level = [hashed(data[i:i + 16384]) for i in range(0, len(data), 16384)]
    root = level[0] if len(level) == 1 else hashed(b"".join(level))
    sizes = [len(data), *shape]
    head = b"reprise.tensor.1" + b"F32".ljust(16, b"\0") + struct.pack(f"<QQ{len(sizes)}Q", 16384, len(sizes), *sizes)
    return hashed(head + root).hex()


def single(x):
    return struct.unpack("<f", struct.pack("<f", x))[0]


def uniform(n, bound):
    return [(2 * ((bits(0, WEIGHTS, 0, i) >> 8) / 2**24) - 1) * single(bound) for i in range(n)]


def normal(n, deviation):
    values = []
    for i in range(n):
        words = block(0, WEIGHTS, 1, 2 * i) + block(0, WEIGHTS, 1, 2 * i + 1)[:2]
        values.append((sum((w & 0xFFFF) + (w >> 16) for w in words) - 6 * 65535) / 2**16 * single(deviation))
    return values


def quotient(a, b):  # of whole numbers, towards zero, as in C++
    return abs(a) // b * (1 if a >= 0 else -1)


def waves(seed, count, noise):
    def between(epoch, index, low, high):
        return low + (bits(seed, DATA, epoch, index) * (high - low + 1) >> 32)

    def bell(epoch, index):
        words = (bits(seed, DATA, epoch, 2 * index), bits(seed, DATA, epoch, 2 * index + 1))
        total = sum((w & 0xFFFF) + (w >> 16) for w in words) - 4 * 32768
        return quotient(total * 4096 * noise, 100 * 37837)

    corners = [[between(MASK, 12 * c + k, -4096, 4096) for k in range(12)] for c in range(10)]
    values = []
    for n in range(count):
        width = between(n, 0, 32, 56)
        start, scale = between(n, 1, 0, 64 - width), between(n, 2, 160, 352)
        slow = [bell(n, 8 + k) for k in range(9)]
        for t in range(64):
            value = bell(n, 32 + t)
            part = t % 8 * 32
            value += quotient(slow[t // 8] * (256 - part) + slow[t // 8 + 1] * part, 256)
            if start <= t < start + width:
                place = (t - start) * 11 * 256 // width
                a, b, part = corners[n % 10][place // 256], corners[n % 10][place // 256 + 1], place % 256
                value += quotient((a * (256 - part) + b * part) * scale, 65536)
            values.append(value / 4096)
    return values


if __name__ == "__main__":
    print("uniform", digest([100, 100], uniform(10000, 0.1)))
    print("normal ", digest([100, 100], normal(10000, 0.02)))
    print("waves  ", digest([200, 64], waves(1, 200, 30)))
