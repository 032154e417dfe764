// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/verdict/factor_verdict.h"

#include <map>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/judge/compare/divergence_words.h"
#include "harness/judge/compare/starts.h"
#include "harness/judge/verdict/overridden.h"

namespace reprise {
namespace {

// How much a finding asks for attention: the worst value speaks for its factor.
int weight_of(Finding finding) {
  switch (finding) {
    case Finding::identical:
      return 0;
    case Finding::as_meant:
      return 1;
    case Finding::equivalent:
      return 2;
    case Finding::untested:
      return 3;
    case Finding::identical_until:
      return 4;
    case Finding::inconclusive:
      return 5;
    case Finding::different:
      return 6;
  }
  return 6;
}

bool differ_only_in(const Configuration& a, const Configuration& b, const std::string& factor) {
  for (const auto& [name, value] : a.values) {
    const auto other = b.values.find(name);
    if (other == b.values.end() || (name != factor && other->second != value)) return false;
  }
  return true;
}

struct Pairs {
  std::size_t compared = 0, moved = 0;
  std::size_t moved_bits = 0;                 // of those that moved: a step that both made differs
  std::size_t trained_apart = 0;              // of those that moved: the weights that they end with differ
  std::size_t on_unknown_gpu = 0;             // of those that moved: it is not recorded which GPU ran
  std::string no_evidence;                    // why the equal bits of a pair that is not counted show nothing
  std::string overridden = {};                // why a pair that moved shows little of the factor
  const ClassDivergence* earliest = nullptr;  // of those that differ: of bits, if any pair differs in them
  // Of pairs that differ and did not start alike, which tells nothing of the factor.
  std::size_t unlike = 0;
  std::string why = {};  // of the first such pair
};

// Bits that part say more than lengths that do, whichever comes first.
bool tells_more(const Divergence& one, const Divergence& other) {
  const bool bits = parting_of(one) == Parting::bits;
  return bits == (parting_of(other) == Parting::bits) ? one.step < other.step : bits;
}

bool ended_alike(const TraceSummary& a, const TraceSummary& b) {
  return a.final_weights.present() && a.final_weights == b.final_weights && a.last_step == b.last_step &&
         a.processes.size() < 2 && b.processes.size() < 2;
}

// What the other values are compared with: the first value; of repeats the first that was done, whichever it
// is.
bool is_reference(const Tested& tested, std::size_t index, const Factor& factor) {
  const Configuration& one = *tested.configurations[index];
  if (factor.name != "repeat") return one.values.at(factor.name) == factor.values.front();
  for (std::size_t i = 0; i < index; ++i)
    if (differ_only_in(one, *tested.configurations[i], factor.name)) return false;
  return true;
}

// Why the equal bits of two runs show nothing, or "".
std::string why_no_evidence(const Tested& tested, std::size_t i, std::size_t j) {
  const Diff& diff = *tested.diff;
  if (!diff.traces[i].execution.empty() && diff.traces[i].execution == diff.traces[j].execution)
    return fmt::format("{} and {} are one execution, copied", tested.configurations[i]->name,
                       tested.configurations[j]->name);
  if (tested.places.empty()) return "";
  const RunPlace &one = tested.places[i], &other = tested.places[j];
  const std::string unread = no_evidence(one.plan, one.host, other.plan, other.host);
  return unread.empty() ? overridden_reason(*one.trace, *other.trace) : unread;
}

// The done pairs that differ in this factor alone: its first value against `value`.
Pairs pairs_of(const Tested& tested, const Factor& factor, const std::string& value) {
  Pairs pairs;
  const Diff& diff = *tested.diff;
  for (std::size_t i = 0; i < tested.configurations.size(); ++i)
    for (std::size_t j = 0; j < tested.configurations.size(); ++j) {
      const auto &a = *tested.configurations[i], &b = *tested.configurations[j];
      if (i == j || !is_reference(tested, i, factor) || b.values.at(factor.name) != value) continue;
      if (!differ_only_in(a, b, factor.name)) continue;
      const ClassDivergence* divergence =
          divergence_between(diff, diff.traces[i].in_class, diff.traces[j].in_class);
      if (std::string why = divergence ? "" : why_no_evidence(tested, i, j); !why.empty()) {
        pairs.no_evidence = std::move(why);
        continue;
      }
      const auto unlike = tested.starts ? tested.starts->difference(a.folder, b.folder) : std::nullopt;
      // Of equal bits only a file that one of the two left: the other may be equal because it read it.
      if (unlike && (divergence || unlike->was_left())) {
        if (pairs.unlike++ == 0) pairs.why = to_words(*unlike, a.name, b.name);
        continue;
      }
      ++pairs.compared;
      if (divergence == nullptr) continue;
      ++pairs.moved;
      if (parting_of(divergence->first) == Parting::bits) ++pairs.moved_bits;
      if (!ended_alike(diff.traces[i], diff.traces[j])) ++pairs.trained_apart;
      if (diff.traces[i].gpu_unrecorded || diff.traces[j].gpu_unrecorded) ++pairs.on_unknown_gpu;
      if (pairs.overridden.empty() && !tested.places.empty())
        pairs.overridden = overridden_reason(*tested.places[i].trace, *tested.places[j].trace);
      if (pairs.earliest == nullptr || tells_more(divergence->first, pairs.earliest->first))
        pairs.earliest = divergence;
    }
  return pairs;
}

// Whether runs that part at `step` part by the factor, and not because the training never repeats.
bool is_shown(const Tested& tested, const Factor& factor, std::int64_t step) {
  return factor.name == "repeat" || step <= tested.agree_to;
}

// A seed that a script overrides, or never draws from, moves the states of random streams and nothing that is
// trained.
ValueVerdict moved_nothing_trained(const std::string& value, const Divergence& first) {
  return {value, Finding::untested, std::nullopt,
          fmt::format("differs {} ({}), and all runs end with the same weights: it reached nothing that was "
                      "trained (does "
                      "the script seed itself?)",
                      when(first), place_of(first))};
}

ValueVerdict moved_value(const Tested& tested, const Factor& factor, const std::string& value,
                         const Pairs& pairs) {
  const Divergence& first = pairs.earliest->first;
  if (factor.promise == Promise::statistical && pairs.trained_apart == 0 && first.stage == "rng")
    return moved_nothing_trained(value, first);
  if (factor.promise == Promise::statistical && parting_of(first) != Parting::bits)
    return {value, Finding::untested, std::nullopt,
            moved_words(first) + ": no bits moved where both can be compared, although it is meant to"};
  if (factor.promise != Promise::numeric && parting_of(first) == Parting::layout &&
      first.tensors_compared == 0)
    return {value, Finding::untested, std::nullopt, place_of(first)};
  ValueVerdict verdict{value, Finding::identical_until, first.step, "", parting_of(first)};
  const bool shown = is_shown(tested, factor, first.step);
  std::string moved = shown || verdict.parting == Parting::layout
                          ? moved_words(first)
                          : fmt::format("differs {} ({})", when(first), place_of(first));
  const std::size_t alike = verdict.parting == Parting::bits ? pairs.moved_bits : pairs.moved;
  if (alike < pairs.compared) moved += fmt::format(" in {} of {} pairs of runs", alike, pairs.compared);
  if (factor.promise == Promise::none) {
    verdict.sentence = moved;
  } else if (factor.promise == Promise::statistical) {
    verdict.finding = Finding::as_meant;
    verdict.sentence = moved + (shown ? ", as it should" : "");
  } else if (factor.promise == Promise::bitwise && !shown) {
    verdict.finding = Finding::inconclusive;
    verdict.sentence = moved;
  } else if (factor.name == "repeat" && pairs.on_unknown_gpu == pairs.moved) {
    verdict.finding = Finding::inconclusive;
    verdict.sentence = moved + "; whether it must not cannot be determined: which GPU ran was not recorded";
  } else if (factor.promise == Promise::bitwise) {
    verdict.sentence = moved + ", though it must not";
  } else {
    const MarginVerdict within = within_margin(tested, factor, value);
    verdict.finding = within.finding;
    verdict.sentence = moved + "; " + within.sentence;
  }
  if (!shown) verdict.sentence += "; no plan was seen to repeat that far, so what it does is untested";
  if (!pairs.overridden.empty()) verdict.sentence += "; but " + pairs.overridden;
  return verdict;
}

ValueVerdict value_verdict(const Tested& tested, const Factor& factor, const std::string& value) {
  const Pairs pairs = pairs_of(tested, factor, value);
  if (pairs.compared == 0)
    return {value, Finding::untested, std::nullopt,
            !pairs.no_evidence.empty() ? pairs.no_evidence
            : pairs.unlike == 0        ? "no pair of runs to compare"
                                       : "the runs did not start alike: " + pairs.why};
  if (pairs.earliest != nullptr) return moved_value(tested, factor, value, pairs);
  if (factor.promise == Promise::statistical)
    return {value, Finding::identical, std::nullopt, "did not move the bits, although it is meant to"};
  if (pairs.unlike > 0)
    return {value, Finding::untested, std::nullopt,
            fmt::format("the runs did not start alike in {} of {} pairs: {}; the others are equal",
                        pairs.unlike, pairs.unlike + pairs.compared, pairs.why)};
  const bool variable = factor.name.starts_with("env:");
  return {value, Finding::identical, std::nullopt,
          variable ? "did not move the bits; whether anything reads the variable was not observed"
                   : "did not move the bits"};
}

// "moved them at step 1", "made runs of other lengths".
std::string moved_words(const FactorVerdict& verdict, const ValueVerdict& value, bool many) {
  switch (value.parting) {
    case Parting::length:
      return many ? "made runs of other lengths" : "made a run of another length";
    case Parting::process:
      return many ? "made runs of other processes" : "made a run of other processes";
    case Parting::layout:
      return "made ranks hold other parts of the model";
    case Parting::artifacts:
      return "left other files";
    case Parting::bits:
      break;
  }
  return fmt::format("{} {}", verdict.shown ? "moved them" : many ? "differ" : "differs", when(*value.step));
}

// "2 and 4 moved them at step 1, 8 did not".
std::string found_words(const FactorVerdict& verdict) {
  using Moved = std::pair<std::vector<std::string>, const ValueVerdict*>;
  std::map<std::pair<Parting, std::int64_t>, Moved> moved;
  std::vector<std::string> still, untested;
  for (const auto& value : verdict.values) {
    if (value.step) {
      auto& [values, first] = moved[{value.parting, value.parting == Parting::bits ? *value.step : 0}];
      values.push_back(value.value);
      if (first == nullptr) first = &value;
    } else {
      (value.finding == Finding::untested ? untested : still).push_back(value.value);
    }
  }
  if (moved.empty()) return still.empty() ? "untested" : "did not move the bits";
  std::vector<std::string> parts;
  const bool repeats = verdict.factor.name == "repeat";
  for (const auto& [where, one] : moved)
    parts.push_back(fmt::format("{}{} {}", repeats ? "repeat " : "", listed(one.first),
                                moved_words(verdict, *one.second, one.first.size() > 1)));
  if (!verdict.shown) parts.back() += " (cause untested)";
  if (!still.empty()) parts.push_back(listed(still) + " did not");
  if (!untested.empty()) parts.push_back(listed(untested) + " untested");
  return join(parts, ", ");
}

// Bits if any value moved them: the others tell of what is beside them.
Parting parting_of(const std::vector<ValueVerdict>& values) {
  std::optional<Parting> found;
  for (const auto& value : values) {
    if (!value.step) continue;
    if (value.parting == Parting::bits) return Parting::bits;
    if (!found) found = value.parting;
  }
  return found.value_or(Parting::bits);
}

}  // namespace

FactorVerdict factor_verdict(const Tested& tested, const Factor& factor) {
  FactorVerdict verdict;
  verdict.factor = factor;
  verdict.finding = Finding::untested;
  for (std::size_t i = 1; i < factor.values.size(); ++i)
    verdict.values.push_back(value_verdict(tested, factor, factor.values[i]));
  bool any_tested = false;
  for (const auto& value : verdict.values) {
    if (value.finding == Finding::untested) continue;
    if (!any_tested || weight_of(value.finding) > weight_of(verdict.finding)) verdict.finding = value.finding;
    any_tested = true;
    verdict.moved = verdict.moved || value.step.has_value();
    verdict.shown = verdict.shown && (!value.step || is_shown(tested, factor, *value.step));
    const bool broken = factor.promise == Promise::none          ? false
                        : factor.promise == Promise::statistical ? !value.step.has_value()
                        : factor.promise == Promise::bitwise
                            ? value.step.has_value() && value.finding != Finding::inconclusive
                            : value.finding == Finding::different;
    verdict.kept = verdict.kept && !broken;
  }
  verdict.parting = parting_of(verdict.values);
  verdict.found = found_words(verdict);
  if (verdict.finding == Finding::untested)
    for (const auto& value : verdict.values)
      if (value.sentence.starts_with("the runs did not start alike"))
        verdict.found = "cannot be determined: " + value.sentence;
  return verdict;
}

}  // namespace reprise
