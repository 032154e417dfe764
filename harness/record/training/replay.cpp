// SPDX-License-Identifier: Apache-2.0
#include "harness/record/training/replay.h"

#include <ATen/core/Tensor.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/record/operators/call_keeper.h"
#include "harness/record/operators/op_arguments.h"
#include "harness/record/training/stored_tensors.h"

namespace reprise {

namespace fs = std::filesystem;
using Json = nlohmann::json;

namespace {

constexpr std::int64_t lane_elements =
    64;  // offsets are kept modulo so many elements: alignment can choose a kernel

bool is_reduced_float(at::ScalarType type) {
  return type == at::kFloat || type == at::kHalf || type == at::kBFloat16;
}

class Call {
 public:
  Call(const fs::path& path, bool in_double)
      : file_(path),
        in_double_(in_double),
        layouts_(parsed(path, "layouts")),
        arguments_(parsed(path, "arguments")) {
    operator_.emplace(c10::Dispatcher::singleton().findSchemaOrThrow(about(path, "operator").c_str(),
                                                                     about(path, "overload").c_str()));
  }

  Tensors make() {
    const auto& schema = operator_->schema();
    torch::jit::Stack stack;
    for (std::size_t i = 0; i < arguments_.size(); ++i)
      stack.push_back(value(arguments_[i], schema.arguments().at(i)));
    const std::vector<c10::IValue> given(stack.begin(), stack.end());
    const at::NoGradGuard no_gradients;
    operator_->callBoxed(&stack);
    Tensors outputs;
    const auto add = [&outputs](const at::Tensor& tensor) {
      if (tensor.defined())
        outputs.push_back({"output/" + std::to_string(outputs.size()), tensor.contiguous()});
    };
    for (const auto& result : stack) each_tensor(result, add);
    if (!schema.returns().empty()) return outputs;
    for (std::size_t i = 0; i < given.size(); ++i)
      if (const auto* alias = schema.arguments()[i].alias_info(); alias != nullptr && alias->isWrite())
        each_tensor(given[i], add);
    return outputs;
  }

 private:
  const std::string& about(const fs::path& path, const char* key) const {
    const auto found = file_.metadata().find(key);
    if (found == file_.metadata().end())
      fail("wanted a kept operator call, found a file that does not say its {}: {}", key, path.string());
    return found->second;
  }

  Json parsed(const fs::path& path, const char* key) const {
    Json json = Json::parse(about(path, key), nullptr, false);
    if (!json.is_array()) fail("the {} of the kept call are no JSON list: {}", key, path.string());
    return json;
  }

  at::Tensor tensor(std::size_t number) const {
    const std::string name = "input/" + std::to_string(number);
    const Json& layout = layouts_.at(number);
    if (layout.is_null()) fail("{} of the kept call has no plain memory, so it cannot be made again", name);
    at::Tensor content = read_tensor(file_, name);
    if (in_double_ && is_reduced_float(content.scalar_type())) content = content.to(at::kDouble);
    const auto strides = layout.at("strides").get<std::vector<std::int64_t>>();
    std::int64_t span = 1;
    for (std::size_t i = 0; i < strides.size(); ++i)
      span += (content.size(static_cast<std::int64_t>(i)) - 1) * strides[i];
    if (content.numel() == 0) return content;
    const std::int64_t offset = layout.at("offset").get<std::int64_t>() % lane_elements;
    at::Tensor memory = at::empty({offset + span}, content.options());
    at::Tensor laid_out = memory.as_strided(content.sizes(), strides, offset);
    laid_out.copy_(content);
    return laid_out;
  }

  c10::IValue number(std::int64_t whole, const c10::Argument& argument) const {
    // A number format among the arguments is a whole number too.
    if (in_double_ && argument.name() == "dtype" && is_reduced_float(static_cast<at::ScalarType>(whole)))
      return static_cast<std::int64_t>(at::kDouble);
    return whole;
  }

  static double real(const Json& json) { return std::strtod(json.get<std::string>().c_str(), nullptr); }

  template <class T, class Read>
  static c10::List<T> list(const Json& items, Read read) {
    c10::List<T> values;
    for (const auto& item : items) values.push_back(read(item));
    return values;
  }

  c10::IValue value(const Json& json, const c10::Argument& argument) const {
    const auto [kind, content] = std::pair(json.begin().key(), json.begin().value());
    if (kind == "tensor") return tensor(content.get<std::size_t>());
    if (kind == "undefined") return at::Tensor();
    if (kind == "none") return {};
    if (kind == "int") return number(content.get<std::int64_t>(), argument);
    if (kind == "bool") return content.get<bool>();
    if (kind == "double") return real(content);
    if (kind == "text") return content.get<std::string>();
    if (kind == "device") return c10::Device(content.get<std::string>());
    if (kind == "ints")
      return list<std::int64_t>(content, [](const Json& item) { return item.at("int").get<std::int64_t>(); });
    if (kind == "doubles")
      return list<double>(content, [](const Json& item) { return real(item.at("double")); });
    if (kind == "bools")
      return list<bool>(content, [](const Json& item) { return item.at("bool").get<bool>(); });
    if (kind == "tensors")
      return list<at::Tensor>(content,
                              [&](const Json& item) { return tensor(item.at("tensor").get<std::size_t>()); });
    if (kind == "optional_tensors")
      return list<std::optional<at::Tensor>>(content, [&](const Json& item) -> std::optional<at::Tensor> {
        if (!item.contains("tensor")) return std::nullopt;
        return tensor(item.at("tensor").get<std::size_t>());
      });
    fail("argument {} of {} is a {}, which a file cannot hold, so the call cannot be made again",
         argument.name(), operator_->schema().name(),
         content.is_string() ? content.get<std::string>() : kind);
  }

  Checkpoint file_;
  bool in_double_;
  Json layouts_, arguments_;
  std::optional<c10::OperatorHandle> operator_;
};

}  // namespace

void replay(const fs::path& call, const fs::path& out, bool in_double) {
  write_tensors(out, Call(call, in_double).make(), {});
}

}  // namespace reprise
