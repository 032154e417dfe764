// SPDX-License-Identifier: Apache-2.0
#include "harness/tensor/dtypes.h"

namespace reprise {
namespace {

constexpr Dtype table[] = {
    {"BOOL", 8, "Bool", "bool", "b1"},
    {"F4", 4, "", "", "", true},
    {"F6_E2M3", 6, "", "", "", true},
    {"F6_E3M2", 6, "", "", "", true},
    {"U8", 8, "Byte", "uint8", "u1"},
    {"I8", 8, "Char", "int8", "i1"},
    {"F8_E5M2", 8, "Float8_e5m2", "float8_e5m2", ""},
    {"F8_E4M3", 8, "Float8_e4m3fn", "float8_e4m3fn", ""},
    {"F8_E8M0", 8, "", "float8_e8m0fnu", "", true},
    {"F8_E4M3FNUZ", 8, "", "float8_e4m3fnuz", "", true},
    {"F8_E5M2FNUZ", 8, "", "float8_e5m2fnuz", "", true},
    {"I16", 16, "Short", "int16", "i2"},
    {"U16", 16, "UInt16", "uint16", "u2"},
    {"F16", 16, "Half", "float16", "f2"},
    {"BF16", 16, "BFloat16", "bfloat16", ""},
    {"I32", 32, "Int", "int32", "i4"},
    {"U32", 32, "UInt32", "uint32", "u4"},
    {"F32", 32, "Float", "float32", "f4"},
    {"C64", 64, "ComplexFloat", "complex64", "c8"},
    {"F64", 64, "Double", "float64", "f8"},
    {"I64", 64, "Long", "int64", "i8"},
    {"U64", 64, "UInt64", "uint64", "u8"},
    {"C128", 128, "ComplexDouble", "complex128", "c16"},
};

const Dtype* find(std::string_view Dtype::*column, std::string_view text) {
  if (text.empty()) return nullptr;
  for (const auto& dtype : table)
    if (dtype.*column == text) return &dtype;
  return nullptr;
}

}  // namespace

std::span<const Dtype> dtype_table() { return table; }

const Dtype* dtype_named(std::string_view name) { return find(&Dtype::name, name); }
const Dtype* dtype_of_scalar(std::string_view scalar) { return find(&Dtype::scalar, scalar); }
const Dtype* dtype_of_torch_name(std::string_view torch) { return find(&Dtype::torch, torch); }
const Dtype* dtype_of_numpy_name(std::string_view numpy) { return find(&Dtype::numpy, numpy); }

}  // namespace reprise
