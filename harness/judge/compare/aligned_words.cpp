// SPDX-License-Identifier: Apache-2.0
#include <cctype>
#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/judge/compare/aligned.h"
#include "harness/judge/compare/divergence_words.h"

namespace reprise {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t names_told = 3;

std::string upper_first(std::string text) {
  if (!text.empty()) text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  return text;
}

std::string names_of(const Restored& part) {
  const auto& all = part.differing;
  std::vector<std::string> names(all.begin(),
                                 all.begin() + static_cast<std::ptrdiff_t>(std::min(all.size(), names_told)));
  const std::string more = all.size() > names_told ? ", ..." : "";
  return fmt::format("{} of {} differ: {}{}", all.size(), part.compared, join(names, ", "), more);
}

// "steps 6 to 10", "step 6".
std::string range(std::int64_t first, std::int64_t last) {
  return first == last ? fmt::format("step {}", first) : fmt::format("steps {} to {}", first, last);
}

std::string first_words(const Divergence& first, std::int64_t align, const std::string& a,
                        const std::string& b) {
  if (first.stage == "length")
    return fmt::format(
        "Every digest of these steps is equal, but {} ended after step {}, {} after its step {}.\n", a,
        first.last_steps[0], b, first.last_steps[1]);
  return fmt::format("The first step that differs: step {} of {}, step {} of {} ({}).\n", first.step + align,
                     a, first.step, b, place_of(first));
}

std::string lost_words(const Restored& part, const AlignedProcess& process, std::int64_t align,
                       const std::string& a, const std::string& b) {
  const std::string what = fmt::format("{} ({})", part.part, names_of(part));
  if (part.stage == Stage::batch)
    return fmt::format(
        "Not as in {} in the first of these steps: {}. The sampler does not stand where it stood, or draws "
        "from "
        "another random stream.\n",
        a, what);
  if (part.after_step)
    return fmt::format(
        "Not as in {} after the first of these steps: {}. They were not restored, or were {} "
        "otherwise since.\n",
        a, what, part.stage == Stage::rng ? "drawn from" : "set");
  if (process.same() && part.stage == Stage::auxiliary)
    return fmt::format(
        "{} were other before the first of these steps than {} had them right after step {}, and equal after "
        "it: as it is where they are written between two steps (an average that is updated after the "
        "step).\n",
        upper_first(what), a, align);
  if (process.same())
    return fmt::format(
        "Before the first of these steps {} differed from what {} had after step {}; no step shows "
        "it.\n",
        what, a, align);
  return fmt::format("Not restored: {}. {} did not begin with what {} had after step {}.\n", what, b, a,
                     align);
}

std::string numbers_words(const Restored& numbers) {
  return fmt::format(
      "In that step {} differ as well ({}). No operator makes them: a schedule or the script itself set "
      "them, "
      "from a state that was not restored or from other arguments.\n",
      numbers.part, names_of(numbers));
}

std::string text_of(const AlignedProcess& process, std::int64_t align, const std::string& a,
                    const std::string& b) {
  std::string text = process.label.empty() ? "" : process.label + ":\n";
  if (process.lone) return text + "Only one of the runs has this process.\n";
  text += fmt::format("Compared: {} of {} with {} of {}.\n", range(align + 1, align + process.steps), a,
                      range(1, process.steps), b);
  if (process.better)
    text += *process.better == 0
                ? fmt::format("{} began with the weights that {} had before training.\n", b, a)
                : fmt::format(
                      "{0} began with the weights that {1} had after step {2}, not {3}; try --align {2}.\n",
                      b, a, *process.better, align);
  std::vector<std::string> equal;
  for (const auto& part : process.restored) {
    if (part.differing.empty())
      equal.push_back(fmt::format("{} ({})", part.part, part.compared));
    else
      text += lost_words(part, process, align, a, b);
  }
  if (!equal.empty()) text += fmt::format("As {} had it: {}.\n", a, listed(equal));
  if (!process.unseen.empty())
    text += fmt::format(
        "Not compared: {} tensors that one side alone was seen to have in a step, of modules that no "
        "optimizer "
        "has, or of an optimizer that did not step there (first {}).\n",
        process.unseen.size(), process.unseen.front());
  if (process.first)
    text += first_words(*process.first, align, a, b);
  else
    text += "Every digest of these steps is equal, bit for bit.\n";
  if (process.numbers) text += numbers_words(*process.numbers);
  return text;
}

Json json_of(const Restored& part) {
  return {{"stage", name_of(part.stage)},
          {"part", part.part},
          {"when", part.after_step ? "after the first step" : "before the first step"},
          {"compared", part.compared},
          {"differing", part.differing}};
}

Json json_of(const AlignedProcess& process, std::int64_t align) {
  Json json = {
      {"name", process.label}, {"same", process.same()}, {"alone", process.lone}, {"steps", process.steps}};
  json["restored"] = Json::array();
  for (const auto& part : process.restored) json["restored"].push_back(json_of(part));
  json["first"] = nullptr;
  if (const auto& first = process.first)
    json["first"] = {{"left_step", first->stage == "length" ? first->last_steps[0] : first->step + align},
                     {"right_step", first->stage == "length" ? first->last_steps[1] : first->step},
                     {"stage", first->stage},
                     {"tensor", first->tensor},
                     {"differing", first->tensors_differing},
                     {"compared", first->tensors_compared}};
  json["numbers_differing"] = process.numbers ? Json(process.numbers->differing) : Json::array();
  json["not_compared"] = process.unseen;
  json["weights_of_step"] = process.better ? Json(*process.better) : Json(nullptr);
  return json;
}

}  // namespace

std::string to_text(const Aligned& aligned, const std::string& first, const std::string& second) {
  std::string text;
  for (const auto& process : aligned.processes) text += text_of(process, aligned.align, first, second);
  if (aligned.left_files) text += "Not compared: what the runs left.\n";
  return text;
}

std::string to_json(const Aligned& aligned, const std::string& first, const std::string& second) {
  Json json = {
      {"schema", "reprise.aligned-diff/1"}, {"left", first}, {"right", second}, {"align", aligned.align}};
  json["same"] = aligned.same();
  json["processes"] = Json::array();
  for (const auto& process : aligned.processes) json["processes"].push_back(json_of(process, aligned.align));
  json["artifacts_compared"] = false;
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace reprise
