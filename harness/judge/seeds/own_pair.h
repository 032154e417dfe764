// SPDX-License-Identifier: Apache-2.0
#pragma once
// Whether a script repeats on its own: two short runs that nobody seeded but the script (seeding=script),
// compared in all that they train. The states of the generators themselves are told apart from that: one that
// nobody seeds differs always, also where nobody draws from it.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/judge/seeds/seeds.h"
#include "harness/trace/run_traces.h"

namespace reprise {

enum class OwnRepeat {
  repeats,
  parts,
  untested,
  not_needed,  // the script seeds each generator that it draws from
  not_made     // switched off, or nobody makes such a pair here
};
std::string_view to_text(OwnRepeat result);  // "repeats", "parts", "untested", "not needed", "not made"

struct OwnPair {
  OwnRepeat result = OwnRepeat::not_made;
  std::int64_t steps = 0;  // that both made, and that were compared
  std::optional<std::int64_t> parts_at = {};
  std::vector<std::string> stages = {};  // that differ there
  std::vector<std::string> generators =
      {};  // that were drawn from, and whose states differ at the start or there
  std::string sentence;
};

// `seeds`: of the run that reprise seeded. `until`: the last step that the two were asked for.
OwnPair compare_own(const RunTraces& a, const RunTraces& b, const Seeds& seeds, std::int64_t until);
OwnPair untested_pair(const std::string& reason);
// Where no pair is to be made, why; nothing where one is.
std::optional<OwnPair> no_pair(const Seeds& seeds);

// How many steps show it: as far as the generators in question are drawn from, between 10 and 50.
std::int64_t steps_of_own_pair(const Seeds& seeds);

}  // namespace reprise
