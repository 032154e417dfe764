// SPDX-License-Identifier: Apache-2.0
#include "harness/checkpoint/element_types.h"

#include <array>
#include <utility>

#include "harness/tensor/safetensors.h"

namespace reprise {
namespace {

using Pair = std::pair<std::string_view, std::string_view>;

template <std::size_t count>
std::string_view second_of(const std::array<Pair, count>& pairs, std::string_view first) {
  for (const auto& [from, to] : pairs)
    if (from == first) return to;
  return {};
}

constexpr std::array<Pair, 13> storages{{{"FloatStorage", "F32"},
                                         {"DoubleStorage", "F64"},
                                         {"HalfStorage", "F16"},
                                         {"BFloat16Storage", "BF16"},
                                         {"LongStorage", "I64"},
                                         {"IntStorage", "I32"},
                                         {"ShortStorage", "I16"},
                                         {"CharStorage", "I8"},
                                         {"ByteStorage", "U8"},
                                         {"UntypedStorage", "U8"},
                                         {"BoolStorage", "BOOL"},
                                         {"ComplexFloatStorage", "C64"},
                                         {"ComplexDoubleStorage", "C128"}}};

constexpr std::array<Pair, 20> torch_dtypes{{{"float32", "F32"},
                                             {"float64", "F64"},
                                             {"float16", "F16"},
                                             {"bfloat16", "BF16"},
                                             {"int64", "I64"},
                                             {"int32", "I32"},
                                             {"int16", "I16"},
                                             {"int8", "I8"},
                                             {"uint8", "U8"},
                                             {"uint16", "U16"},
                                             {"uint32", "U32"},
                                             {"uint64", "U64"},
                                             {"bool", "BOOL"},
                                             {"complex64", "C64"},
                                             {"complex128", "C128"},
                                             {"float8_e4m3fn", "F8_E4M3"},
                                             {"float8_e5m2", "F8_E5M2"},
                                             {"float8_e4m3fnuz", "F8_E4M3FNUZ"},
                                             {"float8_e5m2fnuz", "F8_E5M2FNUZ"},
                                             {"float8_e8m0fnu", "F8_E8M0"}}};

constexpr std::array<Pair, 14> numpy_types{{{"f2", "F16"},
                                            {"f4", "F32"},
                                            {"f8", "F64"},
                                            {"i1", "I8"},
                                            {"i2", "I16"},
                                            {"i4", "I32"},
                                            {"i8", "I64"},
                                            {"u1", "U8"},
                                            {"u2", "U16"},
                                            {"u4", "U32"},
                                            {"u8", "U64"},
                                            {"b1", "BOOL"},
                                            {"c8", "C64"},
                                            {"c16", "C128"}}};

}  // namespace

std::string_view dtype_of_storage(std::string_view torch_storage) {
  return second_of(storages, torch_storage);
}

std::string_view dtype_of_torch(std::string_view torch_dtype) { return second_of(torch_dtypes, torch_dtype); }

std::optional<NumpyType> dtype_of_numpy(std::string_view description) {
  if (description.empty()) return std::nullopt;
  const char order = description.front();
  const bool has_order = order == '<' || order == '>' || order == '|' || order == '=';
  const std::string_view dtype = second_of(numpy_types, has_order ? description.substr(1) : description);
  if (dtype.empty()) return std::nullopt;
  const std::size_t size = bits_of(dtype) / (dtype.starts_with('C') ? 16 : 8);
  return NumpyType{dtype, order == '>' && size > 1 ? size : 0};
}

}  // namespace reprise
