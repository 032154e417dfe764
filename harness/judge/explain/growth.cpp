// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/explain/growth.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/judge/compare/divergence_words.h"
#include "harness/judge/compare/float_forms.h"
#include "harness/judge/compare/ulp.h"
#include "harness/tensor/safetensors.h"
#include "harness/trace/value_file.h"

namespace reprise {
namespace {

constexpr std::string_view of_optimizer = "optimizer/";

bool is_learned(std::string_view name) {
  return name.starts_with("weights/") || name.starts_with("gradients/");
}

struct Sum {
  double difference = 0, first = 0;
  std::uint64_t ulp = 0;
  bool any = false;

  double relative() const {
    if (!any) return unknown_distance;
    if (difference == 0) return 0;
    return first > 0 ? std::sqrt(difference / first) : INFINITY;
  }
};

const CheckpointTensor* named(const Checkpoint& file, const CheckpointTensor& tensor) {
  const auto found = std::ranges::find(file.tensors(), tensor.name, &CheckpointTensor::name);
  const bool alike =
      found != file.tensors().end() && found->dtype == tensor.dtype && found->shape == tensor.shape;
  return alike ? &*found : nullptr;
}

// For how many elements of the whole tensor one that was kept stands.
double weight_of(const CheckpointTensor& tensor, const nlohmann::json& elements) {
  const double kept = static_cast<double>(tensor.shape.empty() ? 1 : tensor.shape.front());
  return kept > 0 ? elements.at(tensor.name).get<double>() / kept : 1;
}

nlohmann::json elements_of(const Checkpoint& file) {
  const auto found = file.metadata().find("elements");
  if (found == file.metadata().end())
    fail("a file of values says of how many elements they are; this one does not");
  return nlohmann::json::parse(found->second);
}

double first_value(std::string_view dtype, const std::vector<std::byte>& bytes) {
  double value = unknown_distance;
  with_float_form(dtype, [&](auto form) {
    using Form = decltype(form);
    typename Form::Bits bits;
    std::memcpy(&bits, bytes.data(), sizeof bits);
    value = Form::value(bits);
  });
  return value;
}

std::string step_list(std::int64_t first, std::int64_t last) {
  return first == last ? fmt::format("at step {}", first) : fmt::format("over steps {} to {}", first, last);
}

bool tells(const ApartAt& control) {
  return control.weights > 0 && std::isfinite(control.weights) && control.weights < control_spent;
}

// Two significant digits; "3,500,000" where there are many.
std::string times(double ratio) {
  if (ratio < 10) return fmt::format("{:.2g}", ratio);
  const double unit = std::pow(10.0, std::max(0.0, std::floor(std::log10(ratio)) - 1));
  std::string digits = fmt::format("{:.0f}", std::round(ratio / unit) * unit);
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(static_cast<std::size_t>(at), 1, ',');
  return digits;
}

// The largest relative distance of the two sides.
double farthest(const Growth& found) {
  double distance = 0;
  for (const auto& at : found.apart)
    for (const double one : {at.weights, at.gradients}) distance = one > distance ? one : distance;
  return distance;
}

// What the distances are of: a program without Python keeps no gradients.
std::string compared(const Growth& found, const std::string& joined) {
  const bool gradients =
      std::ranges::any_of(found.apart, [](const ApartAt& at) { return !std::isnan(at.gradients); });
  return gradients ? "weights " + joined + " gradients" : "weights (no gradients were kept)";
}

std::string sentence_of(const Growth& found, std::int64_t last) {
  const std::string steps = step_list(found.nudged, last);
  const auto ratio = [&](const char* joined) {
    return fmt::format(
        "{} times as far apart, in {}, as side A gets from itself once each of its weights was moved by one "
        "ULP after "
        "step {}",
        times(found.ratio), compared(found, joined), found.nudged);
  };
  if (found.word == GrowthWord::as_rounding)
    return fmt::format(
        "As far as rounding goes: {} the two sides are at most {}. Rounding alone would do that; so may a "
        "small change of "
        "the computation, over so few steps.",
        steps, ratio("and"));
  if (found.word == GrowthWord::beyond && std::isinf(found.ratio))
    return fmt::format(
        "Far beyond rounding from step {}: there are weights or gradients that are not finite.", found.from);
  if (found.word == GrowthWord::beyond)
    return fmt::format(
        "Far beyond rounding in the dtype of the weights from step {}: the two sides are up to {}.{}",
        found.from, ratio("or"),
        farthest(found) < coarse_rounding ? " Rounding in a coarser format (TF32, BF16) may do that, and so "
                                            "may a change of the computation."
                                          : "");
  return fmt::format(
      "Farther than rounding in the dtype of the weights, but not far beyond it: {} the two sides are up to "
      "{}. Rounding "
      "in a coarser format (TF32, BF16) does that; so may a change of the computation.",
      steps, ratio("or"));
}

// The first step from which on every one that tells anything is far beyond.
std::int64_t beyond_from(const Growth& found) {
  std::int64_t from = 0;
  for (std::size_t i = found.apart.size(); i-- > 0;) {
    if (!tells(found.control[i])) continue;
    if (ratio_of(found.apart[i], found.control[i]) < far_ratio) break;
    from = found.apart[i].step;
  }
  return from;
}

// After the step whose end moves its weights the control has nothing of its own yet but that.
bool strayed(const ApartAt& control) { return control.weights_ulp > 1 || control.gradients_ulp > 0; }

Growth untested(Growth found, const std::string& reason) {
  found.word = GrowthWord::untested;
  found.sentence = "Whether this is rounding or another computation is untested: " + reason + ".";
  return found;
}

using Json = nlohmann::ordered_json;

Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json described(const std::vector<ApartAt>& steps) {
  Json list = Json::array();
  for (const auto& at : steps)
    list.push_back({{"step", at.step},
                    {"weights", number(at.weights)},
                    {"gradients", number(at.gradients)},
                    {"loss", number(at.loss)},
                    {"weights_max_ulp", at.weights_ulp},
                    {"gradients_max_ulp", at.gradients_ulp}});
  return list;
}

}  // namespace

std::span<const Word<GrowthWord>> words_of(GrowthWord) {
  static constexpr Word<GrowthWord> words[] = {{GrowthWord::as_rounding, "as rounding"},
                                               {GrowthWord::between, "between"},
                                               {GrowthWord::beyond, "beyond rounding"},
                                               {GrowthWord::untested, "untested"}};
  return words;
}

std::string remark_of(const Growth& growth) {
  const std::string control =
      fmt::format("{} times a control that was moved by one ULP", times(growth.ratio));
  switch (growth.word) {
    case GrowthWord::as_rounding:
      return fmt::format("no farther apart than rounding makes (at most {})", control);
    case GrowthWord::between:
      return fmt::format("farther apart than rounding makes, not far beyond it (up to {})", control);
    case GrowthWord::beyond:
      return std::isinf(growth.ratio)
                 ? fmt::format("not finite from step {}", growth.from)
                 : fmt::format("far beyond rounding from step {} (up to {})", growth.from, control);
    case GrowthWord::untested:
      return "";
  }
  return "";
}

ApartAt apart_at(const std::filesystem::path& run_a, const std::filesystem::path& run_b, std::int64_t step) {
  const Checkpoint a(value_file(run_a, step)), b(value_file(run_b, step));
  const nlohmann::json elements = elements_of(a);
  Sum weights, gradients;
  for (const auto& tensor : a.tensors()) {
    const CheckpointTensor* other = named(b, tensor);
    if (other == nullptr || !is_learned(tensor.name)) continue;
    const TensorDistance distance = distance_of(tensor.dtype, a.read(tensor), b.read(*other));
    Sum& sum = tensor.name.starts_with("weights/") ? weights : gradients;
    const double weight = weight_of(tensor, elements);
    sum.difference += weight * distance.difference_squared;
    sum.first += weight * distance.first_squared;
    sum.ulp = std::max(sum.ulp, distance.max_ulp);
    sum.any = true;
  }
  return {step, weights.relative(), gradients.relative(), unknown_distance, weights.ulp, gradients.ulp};
}

std::vector<NumberApart> numbers_apart(const std::filesystem::path& run_a, const std::filesystem::path& run_b,
                                       std::int64_t step) {
  const Checkpoint a(value_file(run_a, step)), b(value_file(run_b, step));
  std::vector<NumberApart> apart;
  for (const auto& tensor : a.tensors()) {
    const CheckpointTensor* other = named(b, tensor);
    if (other == nullptr || !tensor.name.starts_with(of_optimizer)) continue;
    const auto left = a.read(tensor), right = b.read(*other);
    if (left != right)
      apart.push_back({tensor.name.substr(of_optimizer.size()), first_value(tensor.dtype, left),
                       first_value(tensor.dtype, right)});
  }
  return apart;
}

std::string numbers_sentence(const Growth& growth) {
  constexpr std::size_t told = 4;
  std::vector<std::string> words;
  bool of_groups = true;  // as the recorder names what a script gave its optimizer
  for (const auto& one : growth.numbers) {
    of_groups = of_groups && is_group_number(one.name);
    if (words.size() < told)
      words.push_back(fmt::format("{} is {} on side A and {} on side B", one.name, one.a, one.b));
  }
  if (words.empty()) return "";
  if (growth.numbers.size() > told)
    words.push_back(fmt::format("{} more differ", growth.numbers.size() - told));
  return fmt::format("Numbers of the optimizer differ after step {}: {}.{}", growth.nudged, join(words, ", "),
                     of_groups ? " The script sets them; no operator makes them." : "");
}

double ratio_of(const ApartAt& apart, const ApartAt& control) {
  double ratio = control.weights > 0 ? apart.weights / control.weights : 0;
  if (control.gradients > 0) {
    const double of_gradients = apart.gradients / control.gradients;
    if (std::isnan(ratio) || of_gradients > ratio) ratio = of_gradients;
  }
  return std::isnan(ratio) ? 0 : ratio;
}

Growth growth_of(std::vector<ApartAt> apart, std::vector<ApartAt> control, std::int64_t nudged) {
  check(apart.size() == control.size(), "the control is compared at the same steps");
  Growth found;
  found.nudged = nudged;
  found.apart = std::move(apart);
  found.control = std::move(control);
  if (!found.control.empty() && strayed(found.control.front()))
    return untested(
        std::move(found),
        "the control, side A once more, came to other numbers before its weights were moved, so it does not "
        "show what one ULP does; the training does not repeat itself");
  std::size_t told = 0;
  for (std::size_t i = 0; i < found.apart.size(); ++i) {
    if (!tells(found.control[i]) || std::isnan(found.apart[i].weights)) continue;
    found.ratio = std::max(found.ratio, ratio_of(found.apart[i], found.control[i]));
    ++told;
  }
  const bool seen =
      std::ranges::any_of(found.apart, [](const ApartAt& at) { return at.weights > 0 || at.gradients > 0; });
  if (!seen) return untested(std::move(found), "none of the elements that were kept as values differ");
  found.from = beyond_from(found);
  if (found.from > 0)
    found.word = GrowthWord::beyond;
  else if (told < 2)  // at the first step the control has moved weights, and nothing has become of it yet
    return untested(std::move(found),
                    found.apart.size() < 2
                        ? "the runs end at the step at which they part"
                        : "moving each weight by one ULP changed nothing, or too much, to compare with");
  else
    found.word = found.ratio <= near_ratio ? GrowthWord::as_rounding : GrowthWord::between;
  found.sentence = sentence_of(found, found.apart.back().step);
  return found;
}

Json to_json(const Growth& growth) {
  Json json;
  json["verdict"] = to_text(growth.word);
  json["sentence"] = growth.sentence;
  json["moved_after_step"] = growth.nudged;
  json["beyond_from"] = growth.word == GrowthWord::beyond ? Json(growth.from) : Json(nullptr);
  json["ratio"] = number(growth.ratio);
  json["sides"] = described(growth.apart);
  json["control"] = described(growth.control);
  json["streams"] = Json::array();
  for (const auto& one : growth.streams)
    json["streams"].push_back(
        {{"generator", one.generator}, {"b_ahead", one.ahead ? Json(*one.ahead) : Json(nullptr)}});
  json["numbers"] = Json::array();
  for (const auto& one : growth.numbers)
    json["numbers"].push_back({{"name", one.name}, {"a", number(one.a)}, {"b", number(one.b)}});
  return json;
}

}  // namespace reprise
