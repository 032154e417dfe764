// SPDX-License-Identifier: Apache-2.0
#include "harness/search/cure/searching.h"

#include <algorithm>
#include <deque>
#include <set>

namespace reprise {
namespace {

class Searching {
 public:
  explicit Searching(const CureWorld& world) : world_(world) {}

  CureSearch search() {
    do {
      for (const auto& candidate : world_.candidates) holds({candidate});
      for (const auto& candidate : world_.only_alone) holds({candidate});
      minimal_.clear();
      several();
    } while (!halted() && !confirm_front());
    found_.complete = !refused_ && !halted();
    return std::move(found_);
  }

 private:
  bool halted() {
    halted_ = halted_ || (world_.stopped && world_.stopped());
    return halted_;
  }
  bool over() { return refused_ || halted(); }

  CureTry* known(const PinSet& set) {
    const auto found = std::ranges::find(found_.tries, set, &CureTry::pins);
    return found == found_.tries.end() ? nullptr : &*found;
  }

  // Those whose answer is of fewer steps than are looked at now are asked again.
  bool is_answered(const CureTry& known) const {
    return known.whole || !known.few.equal() || known.few.step >= looked_until_;
  }

  // What was seen to part: not what does not run, or was not tried.
  void inherit_failure(const PinSet& set) {
    const CureTry* tried = known(set);
    if (tried && tried->few.parts()) failing_.push_back(set);
  }

  bool inherits_failure(const PinSet& set) const {
    return std::ranges::any_of(failing_, [&](const PinSet& whole) { return is_part_of(set, whole); });
  }

  bool inherits_success(const PinSet& set) const {
    return std::ranges::any_of(found_.tries, [&](const CureTry& one) {
      return one.state() == CureState::holds && is_part_of(one.pins, set);
    });
  }

  static bool may_hold(const CureTry& one) {
    return one.state() == CureState::holds || one.state() == CureState::not_confirmed;
  }

  // Whether the set is equal over the first steps, as it was tried or as others tell.
  bool holds(const PinSet& set) {
    if (CureTry* before = known(set); before && is_answered(*before)) return may_hold(*before);
    if (inherits_failure(set)) return false;
    if (inherits_success(set)) return true;
    refused_ = refused_ || few_made_ >= world_.most_tries;
    if (over()) return false;
    if (world_.tell) world_.tell(set, few_made_, likely_tries());
    const Attempt attempt = world_.few(set);
    ++few_made_;
    if (CureTry* before = known(set))
      before->few = attempt;
    else
      found_.tries.push_back({set, attempt, std::nullopt});
    return attempt.equal();
  }

  // Each alone, all together, and as many again to find which of them are needed.
  std::size_t likely_tries() const {
    const std::size_t alone = world_.candidates.size() + world_.only_alone.size(),
                      pins = pins_of(world_.candidates).size();
    return std::max(few_made_ + 1, alone + pins + 1);
  }

  static std::set<std::string> pins_of(const std::vector<PinSetting>& settings) {
    std::set<std::string> pins;
    for (const auto& [pin, value] : settings) pins.insert(pin);
    return pins;
  }

  // Those that run, and do not hold alone.
  std::vector<PinSetting> helpless() {
    std::vector<PinSetting> pool;
    for (const auto& candidate : world_.candidates) {
      const CureTry* alone = known({candidate});
      if (alone && (alone->few.parts() || (alone->whole && alone->whole->parts()))) pool.push_back(candidate);
    }
    return pool;
  }

  // The first value of each pin.
  static PinSet all_of(const std::vector<PinSetting>& pool) {
    PinSet all;
    for (const auto& setting : pool)
      if (std::ranges::find(all, setting.pin, &PinSetting::pin) == all.end()) all.push_back(setting);
    return pin_set(std::move(all));
  }

  // Sets of several pins, as a tree: where one is found, another one lacks at least one of its settings.
  void several() {
    const auto pool = helpless();
    std::deque<std::set<PinSetting>> waiting{{}};
    std::set<std::set<PinSetting>> seen;
    while (!waiting.empty() && !over()) {
      const auto lacking = waiting.front();
      waiting.pop_front();
      if (!seen.insert(lacking).second) continue;
      for (const auto& setting : minimal_lacking(pool, lacking)) {
        auto more = lacking;
        more.insert(setting);
        waiting.push_back(std::move(more));
      }
    }
  }

  // A smallest set that holds and has none of these settings; empty if there is none.
  PinSet minimal_lacking(const std::vector<PinSetting>& pool, const std::set<PinSetting>& lacking) {
    for (const auto& set : minimal_)
      if (std::ranges::none_of(set, [&](const auto& setting) { return lacking.contains(setting); }))
        return set;
    std::vector<PinSetting> rest;
    std::ranges::copy_if(pool, std::back_inserter(rest),
                         [&](const auto& setting) { return !lacking.contains(setting); });
    const PinSet all = all_of(rest);
    if (lacking.empty()) found_.together = all;
    if (all.size() < 2) return {};
    PinSet held = holds(all) ? all : PinSet();
    if (held.empty() && lacking.empty()) held = changed_a_little(all, rest);
    if (held.empty()) {
      inherit_failure(all);
      return {};
    }
    PinSet least = shrunk(std::move(held));
    if (!over()) minimal_.push_back(least);
    return least;
  }

  // All together do not hold: perhaps with one of them at another value, or without it.
  PinSet changed_a_little(const PinSet& all, const std::vector<PinSetting>& rest) {
    for (const auto& setting : rest)
      if (const PinSet other = with(all, setting); other != all && holds(other)) return other;
    for (const auto& setting : all)
      if (const PinSet fewer = without(all, setting); holds(fewer)) return fewer;
    return {};
  }

  // Drops what is not needed, the dearest first.
  PinSet shrunk(PinSet set) {
    PinSet order = set;
    std::ranges::stable_sort(order, [&](const auto& a, const auto& b) { return price(a) > price(b); });
    for (const auto& setting : order) {
      const PinSet fewer = without(set, setting);
      if (fewer.empty() || over()) continue;
      if (holds(fewer))
        set = fewer;
      else
        inherit_failure(fewer);
    }
    return set;
  }

  double price(const PinSetting& setting) {
    const CureTry* alone = known({setting});
    return alone && alone->few.ratio ? *alone->few.ratio : 1;
  }

  // False: a set of the front did not hold over the whole run, and the search goes on without it.
  bool confirm_front() {
    for (const auto index : front_of(found_.tries, false, world_.noise)) {
      CureTry& one = found_.tries[index];
      if (one.whole) continue;
      if (halted()) return true;
      one.whole = world_.whole(one.pins);
      if (one.whole->equal()) continue;
      if (one.whole->parts()) {
        failing_.push_back(one.pins);
        looked_until_ = std::max(looked_until_, one.whole->step);
        if (world_.look_further) world_.look_further(one.whole->step);
      }
      return false;
    }
    return true;
  }

  const CureWorld& world_;
  CureSearch found_;
  std::vector<PinSet> failing_, minimal_;
  std::int64_t looked_until_ = 0;
  std::size_t few_made_ = 0;
  bool refused_ = false, halted_ = false;  // beyond most_tries; told to stop
};

}  // namespace

CureSearch search_cures(const CureWorld& world) { return Searching(world).search(); }

}  // namespace reprise
