// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/verdict/verdict_words.h"

#include <algorithm>
#include <map>
#include <utility>

#include "harness/base/error.h"
#include "harness/judge/compare/divergence_words.h"

namespace reprise {

namespace {

std::string all_identical(std::size_t count, std::string_view noun, std::string_view extent) {
  const std::string who = count == 2 ? fmt::format("Both {}s", noun) : fmt::format("All {} {}s", count, noun);
  return fmt::format("{} are identical, bit for bit, {}.", who, extent);
}

std::string without_factors(const Diff& diff) {
  if (diff.all_equal()) return all_identical(diff.traces.size(), "trace", extent_of(diff));
  const ClassDivergence* earliest = &diff.divergences.front();
  for (const auto& divergence : diff.divergences)
    if (divergence.first.step < earliest->first.step) earliest = &divergence;
  return fmt::format("The {} traces fall into {} classes; the first difference is {} ({}).",
                     diff.traces.size(), diff.classes.size(), when(earliest->first),
                     place_of(earliest->first));
}

// Where no two runs of a plan were seen to agree as far as that.
std::string not_shown(const std::vector<std::string>& open, bool part) {
  const bool many = open.size() > 1;
  if (part)
    return fmt::format(
        "Two equal plans gave other bits in the self-test, so what {} {} to the bits is untested.",
        listed(open), many ? "do" : "does");
  return fmt::format(
      "Runs that differ in {} have other bits; no plan was repeated, so whether {} the reason is untested.",
      listed(open), many ? "these are" : "that is");
}

// Of factors that moved no bit of a step that the runs share.
std::string beside_the_bits(Parting parting, bool shown, const std::vector<std::string>& factors) {
  const char* differ = parting == Parting::length    ? "are of other lengths, and equal as far as both go"
                       : parting == Parting::process ? "have other training processes"
                       : parting == Parting::layout
                           ? "hold the model in other parts; no difference was seen in what could be joined"
                           : "leave other files, and all their steps are equal";
  return fmt::format("Runs that differ in {} {}{}.", listed(factors), differ,
                     shown ? "" : "; no plan was repeated as far, so whether that is the reason is untested");
}

std::string with_factors(const Verdict& verdict) {
  std::vector<std::string> moved, meant, still, open;
  std::map<std::pair<Parting, bool>, std::vector<std::string>> beside;
  for (const auto& factor : verdict.factors) {
    if (factor.finding == Finding::untested) continue;
    if (factor.moved && factor.parting != Parting::bits) {
      beside[{factor.parting, factor.shown}].push_back(factor.factor.name);
      continue;
    }
    auto& list = !factor.moved                                   ? still
                 : !factor.shown                                 ? open
                 : factor.factor.promise == Promise::statistical ? meant
                                                                 : moved;
    list.push_back(factor.factor.name);
  }
  const std::string rest = still.empty() || !open.empty() ? "" : ", and with nothing else that was tried";
  std::string text;
  if (!moved.empty() && !meant.empty())
    text =
        fmt::format("The bits move with {}, with {} as they should{}.", listed(moved), listed(meant), rest);
  else if (!moved.empty())
    text = fmt::format("The bits move with {}{}.", listed(moved), rest);
  else if (!meant.empty())
    text = fmt::format("The bits move with {}, as they should{}.", listed(meant), rest);
  for (const auto& [how, factors] : beside)
    text += (text.empty() ? "" : " ") + beside_the_bits(how.first, how.second, factors);
  if (open.empty()) return text;
  return text + (text.empty() ? "" : " ") + not_shown(open, verdict.repeats_part);
}

// A run that does not repeat itself comes before everything else: no factor can be judged then.
std::string unrepeated(const Diff& diff, const FactorVerdict& repeat) {
  std::string text = repeat.kept ? "Two runs of the same plan differ (which GPU ran was not recorded)"
                                 : "Two runs of the same plan differ";
  const ClassDivergence* earliest = nullptr;
  std::string names;
  for (std::size_t i = 0; i < diff.traces.size(); ++i)
    for (std::size_t j = i + 1; j < diff.traces.size(); ++j) {
      const auto &a = diff.traces[i], &b = diff.traces[j];
      const ClassDivergence* divergence = divergence_between(diff, a.in_class, b.in_class);
      if (a.plan_id != b.plan_id || divergence == nullptr) continue;
      if (earliest != nullptr && divergence->first.step >= earliest->first.step) continue;
      earliest = divergence;
      names = fmt::format("{} and {}", a.name, b.name);
    }
  if (earliest != nullptr)
    return fmt::format("{}: {} part {} ({}).", text, names, when(earliest->first), place_of(earliest->first));
  return fmt::format("{}: {}.", text, repeat.found);
}

// Equal bits that no factor was tested by, with the first reason; "" if some factor was.
std::string nothing_shown(const Diff& diff, const Verdict& verdict) {
  std::string why;
  for (const auto& factor : verdict.factors) {
    if (factor.finding != Finding::untested) return "";
    for (const auto& value : factor.values)
      if (why.empty()) why = value.sentence;
  }
  return diff.all_equal() ? fmt::format("The runs are equal, and that shows nothing: {}.", why) : "";
}

}  // namespace

namespace {

std::string headline_of_tested(const Diff& diff, const Verdict& verdict) {
  if (verdict.tested == 0)
    return verdict.untested == 0 ? "Nothing was run." : "Nothing could be compared: every run is untested.";
  if (verdict.tested == 1)
    return verdict.untested == 0 ? "One run was done; there is nothing to compare it with."
                                 : "Nothing could be compared: all runs but one are untested.";
  if (verdict.factors.empty() && !verdict.starts.empty()) return verdict.starts;
  if (verdict.factors.empty()) return without_factors(diff);
  if (const std::string why = nothing_shown(diff, verdict); !why.empty()) return why;
  for (const auto& factor : verdict.factors)
    if (factor.factor.name == "repeat" && factor.moved) return unrepeated(diff, factor);
  const std::string moved = with_factors(verdict);
  if (!moved.empty()) return moved;
  if (!verdict.starts.empty()) return verdict.starts;
  if (diff.all_equal()) return all_identical(verdict.tested, "run", extent_of(diff));
  return fmt::format("The {} runs fall into {} classes that no single factor explains.", verdict.tested,
                     diff.classes.size());
}

}  // namespace

// What did not finish stands in the same sentence: else it would read as if it had agreed.
std::string headline_of(const Diff& diff, const Verdict& verdict) {
  std::string text = headline_of_tested(diff, verdict);
  if (verdict.failed == 0 || verdict.tested < 2) return text;
  text.pop_back();
  return fmt::format("{}; {} of {} did not finish.", text, verdict.failed,
                     counted(verdict.tested + verdict.untested, "run"));
}

}  // namespace reprise
