// SPDX-License-Identifier: Apache-2.0
#include "harness/checkpoint/hdf5_types.h"

#include <array>

namespace reprise {
namespace {

std::size_t swapped_of(hid_t type) {
  const std::size_t size = H5Tget_size(type);
  return size > 1 && H5Tget_order(type) == H5T_ORDER_BE ? size : 0;
}

bool has_plain_order(hid_t type) {
  const auto order = H5Tget_order(type);
  return order == H5T_ORDER_LE || order == H5T_ORDER_BE || H5Tget_size(type) == 1;
}

std::optional<Hdf5Type> float_type(hid_t type) {
  struct Form {
    std::size_t sign, exponent_at, exponent, mantissa;
    std::size_t bytes;
    const char* dtype;
  };
  constexpr std::array<Form, 4> forms{{{63, 52, 11, 52, 8, "F64"},
                                       {31, 23, 8, 23, 4, "F32"},
                                       {15, 10, 5, 10, 2, "F16"},
                                       {15, 7, 8, 7, 2, "BF16"}}};
  std::size_t sign = 0, exponent_at = 0, exponent = 0, mantissa_at = 0, mantissa = 0;
  if (H5Tget_fields(type, &sign, &exponent_at, &exponent, &mantissa_at, &mantissa) < 0 ||
      !has_plain_order(type))
    return std::nullopt;
  for (const Form& form : forms)
    if (sign == form.sign && exponent_at == form.exponent_at && exponent == form.exponent &&
        mantissa_at == 0 && mantissa == form.mantissa && H5Tget_size(type) == form.bytes)
      return Hdf5Type{form.dtype, swapped_of(type)};
  return std::nullopt;
}

std::optional<Hdf5Type> integer_type(hid_t type) {
  const std::size_t size = H5Tget_size(type);
  if (!has_plain_order(type) || H5Tget_precision(type) != size * 8 ||
      (size != 1 && size != 2 && size != 4 && size != 8))
    return std::nullopt;
  return Hdf5Type{(H5Tget_sign(type) == H5T_SGN_NONE ? "U" : "I") + std::to_string(size * 8),
                  swapped_of(type)};
}

std::string member_name(hid_t type, unsigned index) {
  char* name = H5Tget_member_name(type, index);
  const std::string text = name == nullptr ? "" : name;
  H5free_memory(name);
  return text;
}

std::optional<Hdf5Type> truth_type(hid_t type) {
  if (H5Tget_size(type) != 1 || H5Tget_nmembers(type) != 2 || member_name(type, 0) != "FALSE" ||
      member_name(type, 1) != "TRUE")
    return std::nullopt;
  return Hdf5Type{"BOOL", 0};
}

std::optional<Hdf5Type> complex_type(hid_t type) {
  if (H5Tget_nmembers(type) != 2 || member_name(type, 0) != "r" || member_name(type, 1) != "i")
    return std::nullopt;
  const h5::Id real(H5Tget_member_type(type, 0)), imaginary(H5Tget_member_type(type, 1));
  if (H5Tget_class(real) != H5T_FLOAT || H5Tequal(real, imaginary) <= 0) return std::nullopt;
  const auto part = float_type(real);
  const std::size_t size = H5Tget_size(real);
  if (!part || size < 4 || H5Tget_member_offset(type, 0) != 0 || H5Tget_member_offset(type, 1) != size ||
      H5Tget_size(type) != 2 * size)
    return std::nullopt;
  return Hdf5Type{size == 4 ? "C64" : "C128", part->swapped};
}

}  // namespace

std::optional<Hdf5Type> dtype_of_hdf5(hid_t type) {
  switch (H5Tget_class(type)) {
    case H5T_FLOAT:
      return float_type(type);
    case H5T_INTEGER:
      return integer_type(type);
    case H5T_ENUM:
      return truth_type(type);
    case H5T_COMPOUND:
      return complex_type(type);
    default:
      return std::nullopt;
  }
}

}  // namespace reprise
