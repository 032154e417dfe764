// SPDX-License-Identifier: Apache-2.0
#include "harness/plan/placement.h"

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/scalar.h"
#include "harness/base/text.h"

namespace reprise {

std::optional<EmulatedCpu> emulated_cpu(std::string_view cpu) {
  constexpr std::string_view qemu = "qemu:";
  if (cpu == "host") return std::nullopt;
  const std::string_view named = cpu.starts_with(qemu) ? cpu.substr(qemu.size()) : "";
  const auto colon = named.find(':');
  const std::string architecture(colon == named.npos ? "" : named.substr(0, colon));
  const std::string model(colon == named.npos ? named : named.substr(colon + 1));
  if (model.empty() || model.front() == ',' || model.find_first_of(": \t\n") != model.npos)
    fail("wanted cpu to be host or qemu:MODEL, found '{}'; try cpu=qemu:Haswell", cpu);
  if (colon != named.npos && architecture != "x86_64" && architecture != "aarch64")
    fail("wanted x86_64 or aarch64 before the model, found '{}' in cpu={}", architecture, cpu);
  return EmulatedCpu{architecture, model};
}

std::string model_name(const EmulatedCpu& cpu) { return cpu.model.substr(0, cpu.model.find(',')); }

void check_release(std::string_view version) {
  const auto parts = split(version, '.');
  const auto is_number = [](const std::string& part) {
    return !part.empty() && std::ranges::all_of(part, [](char c) { return c >= '0' && c <= '9'; });
  };
  if (parts.size() != 3 || !std::ranges::all_of(parts, is_number))
    fail("wanted a release of torch such as 2.11.0, found '{}'", version);
}

std::string placement_text(const Placement& placement) {
  std::string text;
  if (placement.executor != Placement{}.executor)
    text += fmt::format("executor = {}\n", quoted_text(placement.executor));
  if (!placement.torch.empty()) text += fmt::format("torch = {}\n", quoted_text(placement.torch));
  if (placement.cpu != Placement{}.cpu) text += fmt::format("cpu = {}\n", quoted_text(placement.cpu));
  if (placement.ranks != Placement{}.ranks) text += fmt::format("ranks = {}\n", placement.ranks);
  return text.empty() ? "" : "\n[placement]\n" + text;
}

Placement read_placement(TomlTable table) {
  Placement placement;
  placement.executor = table.text_or("executor", placement.executor);
  placement.torch = table.text_or("torch", "");
  placement.cpu = table.text_or("cpu", placement.cpu);
  placement.ranks = table.integer_or("ranks", placement.ranks);
  table.finish();
  return placement;
}

}  // namespace reprise
