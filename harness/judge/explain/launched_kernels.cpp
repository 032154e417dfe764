// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/explain/launched_kernels.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/base/text.h"
#include "harness/judge/compare/divergence_words.h"

namespace reprise {
namespace {

using Launches = std::vector<KernelLaunch>;
using Json = nlohmann::ordered_json;

constexpr std::size_t longest_name = 100, most_listed = 3;
constexpr std::string_view none = "none: ";

LaunchedKernels::Side side_of(const std::vector<OpCall>& calls, std::size_t guilty, const Facts& facts) {
  LaunchedKernels::Side side;
  const auto told = facts.find("kernels.device");
  side.on_device = told != facts.end() || facts.contains("digest.device");
  if (!side.on_device) return side;
  if (told == facts.end())
    side.untold = "the run was made by a reprise that did not ask for kernels";
  else if (told->second.starts_with(none))
    side.untold = told->second.substr(none.size());
  if (guilty >= calls.size()) return side;
  for (std::size_t i = guilty; i < end_of(calls, guilty); ++i)
    side.launches.insert(side.launches.end(), calls[i].kernels.begin(), calls[i].kernels.end());
  return side;
}

// Without what stands in angle brackets.
std::string without_templates(std::string_view name) {
  std::string plain;
  int depth = 0;
  for (const char c : name) {
    depth += c == '<' ? 1 : 0;
    if (depth == 0) plain += c;
    depth -= c == '>' && depth > 0 ? 1 : 0;
  }
  return plain;
}

void erase_all(std::string& text, std::string_view part) {
  for (auto at = text.find(part); at != text.npos; at = text.find(part)) text.erase(at, part.size());
}

std::string cut(std::string text) {
  return text.size() <= longest_name ? text : text.substr(0, longest_name) + "...";
}

// How much is said of a launch: as little as tells the two sides apart.
enum class Detail { brief, whole_name, everything };

std::string described(const KernelLaunch& launch, Detail detail) {
  const auto by = [](const std::array<std::int64_t, 3>& size) {
    return fmt::format("{}x{}x{}", size[0], size[1], size[2]);
  };
  std::string text = detail == Detail::brief ? cut(short_kernel_name(launch.name)) : launch.name;
  text += fmt::format(" (grid {}, block {}", by(launch.grid), by(launch.block));
  if (const auto library = library_of_kernel(launch.name); library != KernelLibrary::unknown)
    text += fmt::format(", {}", to_text(library));
  if (detail == Detail::everything)
    text += fmt::format(", {} bytes of shared memory, {} registers", launch.shared, launch.registers);
  if (launch.count > 1) text += fmt::format(", {} times in a row", launch.count);
  return text + ")";
}

std::string described(const Launches& launches, Detail detail) {
  if (launches.empty()) return "no kernel";
  std::vector<std::string> words;
  for (const auto& launch : launches) {
    if (words.size() == most_listed) break;
    words.push_back(described(launch, detail));
  }
  if (launches.size() > words.size()) words.push_back(fmt::format("{} more", launches.size() - words.size()));
  return listed(words);
}

// What is left of both without the launches at their ends that are equal; their number.
std::size_t strip_equal(Launches& a, Launches& b) {
  const std::size_t shorter = std::min(a.size(), b.size());
  std::size_t front = 0, back = 0;
  while (front < shorter && a[front] == b[front]) ++front;
  while (back < shorter - front && a[a.size() - 1 - back] == b[b.size() - 1 - back]) ++back;
  for (Launches* one : {&a, &b}) {
    one->erase(one->end() - static_cast<std::ptrdiff_t>(back), one->end());
    one->erase(one->begin(), one->begin() + static_cast<std::ptrdiff_t>(front));
  }
  return front + back;
}

std::string unlike(Launches a, Launches b, const std::string& operator_a, const std::string& operator_b) {
  const std::size_t equal = strip_equal(a, b);
  auto detail = Detail::brief;
  while (detail != Detail::everything && described(a, detail) == described(b, detail))
    detail = static_cast<Detail>(static_cast<int>(detail) + 1);
  const auto& name = operator_a.empty() ? operator_b : operator_a;
  const bool two = !operator_a.empty() && !operator_b.empty() && operator_a != operator_b;
  const std::string beside = equal == 0 ? ""
                                        : fmt::format(", beside {} that {} equal", counted(equal, "kernel"),
                                                      equal == 1 ? "is" : "are");
  return fmt::format("{} ran {} on side A{} {} on side B{}.", name, described(a, detail),
                     two ? ", " + operator_b + " ran" : " and", described(b, detail), beside);
}

std::string of_one_side(const LaunchedKernels::Side& side, std::string_view letter, std::string_view other) {
  if (!side.untold.empty())
    return fmt::format("Which kernels side {} ran is not known: {}.", letter, side.untold);
  if (side.launches.empty()) return "";
  return fmt::format("It ran {} on side {}; side {} ran without CUDA.",
                     described(side.launches, Detail::brief), letter, other);
}

std::string untold_sentence(const LaunchedKernels& kernels) {
  const std::string &a = kernels.a.untold, &b = kernels.b.untold;
  if (a == b) return fmt::format("Which CUDA kernels it ran is not known: {}.", a);
  const std::string& why = a.empty() ? b : a;
  return fmt::format("Which CUDA kernels it ran on side {} is not known: {}.", a.empty() ? "B" : "A", why);
}

Json to_json(const LaunchedKernels::Side& side) {
  if (!side.on_device) return nullptr;
  Json launches = Json::array();
  for (const auto& launch : side.launches)
    launches.push_back({{"name", launch.name},
                        {"library", to_text(library_of_kernel(launch.name))},
                        {"grid", launch.grid},
                        {"block", launch.block},
                        {"shared", launch.shared},
                        {"registers", launch.registers},
                        {"count", launch.count}});
  return {{"untold", side.untold}, {"launches", launches}};
}

}  // namespace

LaunchedKernels launched_kernels(const std::vector<OpCall>& a, const std::vector<OpCall>& b,
                                 const OperatorDivergence& divergence, const Facts& facts_a,
                                 const Facts& facts_b) {
  LaunchedKernels kernels{side_of(a, divergence.a, facts_a), side_of(b, divergence.b, facts_b)};
  // One operator with equal inputs: that it launched nothing on one side alone was hardly so, but not seen.
  if (divergence.kind == DivergenceKind::result && kernels.known() &&
      kernels.a.launches.empty() != kernels.b.launches.empty())
    (kernels.a.launches.empty() ? kernels.a : kernels.b).untold = "none of this call was seen there";
  return kernels;
}

std::string short_kernel_name(std::string_view name) {
  std::string text(name);
  erase_all(text, "(anonymous namespace)::");
  text = without_templates(text);
  text.erase(std::min(text.find('('), text.size()));
  if (text.starts_with("void ")) text.erase(0, 5);
  return text.empty() ? std::string(name) : text;
}

std::string to_sentence(const LaunchedKernels& kernels, const std::string& operator_a,
                        const std::string& operator_b) {
  const auto &a = kernels.a, &b = kernels.b;
  if (!a.on_device && !b.on_device) return "";
  if (!a.on_device) return of_one_side(b, "B", "A");
  if (!b.on_device) return of_one_side(a, "A", "B");
  if (!kernels.known()) return untold_sentence(kernels);
  if (kernels.other()) return unlike(a.launches, b.launches, operator_a, operator_b);
  if (a.launches.empty()) return "";
  return fmt::format("It ran the same {} on both sides: {}.", a.launches.size() == 1 ? "kernel" : "kernels",
                     described(a.launches, Detail::brief));
}

Json to_json(const LaunchedKernels& kernels) {
  if (!kernels.a.on_device && !kernels.b.on_device) return nullptr;
  return {{"same", kernels.known() ? Json(!kernels.other()) : Json(nullptr)},
          {"a", to_json(kernels.a)},
          {"b", to_json(kernels.b)}};
}

}  // namespace reprise
