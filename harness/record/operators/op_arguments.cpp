// SPDX-License-Identifier: Apache-2.0
#include "harness/record/operators/op_arguments.h"

#include <ATen/core/Tensor.h>
#include <fmt/format.h>

#include "harness/base/scalar.h"
#include "harness/base/text.h"

namespace reprise {

using Json = nlohmann::ordered_json;

bool each_tensor(const c10::IValue& argument, const std::function<void(const at::Tensor&)>& visit) {
  if (argument.isTensor()) {
    visit(argument.toTensor());
    return true;
  }
  if (argument.isTensorList()) {
    for (const at::Tensor& tensor : argument.toTensorVector()) visit(tensor);
    return true;
  }
  if (argument.isOptionalTensorList()) {
    for (const auto& tensor : argument.toOptionalTensorVector()) visit(tensor.value_or(at::Tensor()));
    return true;
  }
  return false;
}

std::string scalar_text(const c10::IValue& argument) {
  if (argument.isNone()) return "none";
  if (argument.isInt()) return std::to_string(argument.toInt());
  if (argument.isBool()) return argument.toBool() ? "true" : "false";
  if (argument.isDouble()) return fmt::format("{:a}", argument.toDouble());
  if (argument.isComplexDouble()) {
    const auto value = argument.toComplexDouble();
    return fmt::format("{:a}+{:a}j", value.real(), value.imag());
  }
  if (argument.isString()) return quoted_text(argument.toStringRef());
  if (argument.isDevice()) return argument.toDevice().str();
  if (argument.isList()) {
    std::string text = "[";
    for (const c10::IValue& item : argument.toListRef()) {
      if (text.size() > 1) text += ',';
      text += scalar_text(item);
    }
    return text + "]";
  }
  return argument.tagKind();
}

Json argument_json(const c10::IValue& argument, std::size_t& next_tensor) {
  if (argument.isTensor()) return {{argument.toTensor().defined() ? "tensor" : "undefined", next_tensor++}};
  if (argument.isNone()) return {{"none", nullptr}};
  if (argument.isInt()) return {{"int", argument.toInt()}};
  if (argument.isBool()) return {{"bool", argument.toBool()}};
  if (argument.isDouble()) return {{"double", fmt::format("{:a}", argument.toDouble())}};
  if (argument.isString()) return {{"text", argument.toStringRef()}};
  if (argument.isDevice()) return {{"device", argument.toDevice().str()}};
  if (!argument.isList()) return {{"other", argument.tagKind()}};
  const char* kind = argument.isIntList()              ? "ints"
                     : argument.isDoubleList()         ? "doubles"
                     : argument.isBoolList()           ? "bools"
                     : argument.isTensorList()         ? "tensors"
                     : argument.isOptionalTensorList() ? "optional_tensors"
                                                       : "other_list";
  Json items = Json::array();
  for (const c10::IValue& item : argument.toListRef()) items.push_back(argument_json(item, next_tensor));
  return {{kind, items}};
}

}  // namespace reprise
