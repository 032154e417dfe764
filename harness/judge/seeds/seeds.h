// SPDX-License-Identifier: Apache-2.0
#pragma once
// What reprise did for a script: which random generators the script seeded itself, and which only reprise
// did. Judged from what the recorder noted (random_seen.h); what was not noted is untested.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/judge/seeds/random_seen.h"
#include "harness/trace/run_traces.h"

namespace reprise {

enum class SeededBy {
  not_drawn,  // it does not matter who seeded it
  script,     // with a number, before it was drawn from
  late,       // by the script, after it was drawn from
  reprise,    // by nobody else
  nobody,     // the plan leaves seeds to the script, which does not
  entropy,    // by the script, with a number of the operating system's
  varying,    // by the script, with another number in each run of the plan
  unclear,    // by the script, and it is not known to what or when
  untold      // not drawn from here, but forked processes may have
};
std::string_view to_text(SeededBy by);  // "script", "only reprise", ...

struct GeneratorSeeds {
  std::string name;  // "numpy.random"
  SeededBy by = SeededBy::not_drawn;
  std::optional<SeedCall> seeding = {};       // the one that decides
  std::optional<std::int64_t> drawn_by = {};  // the row by which it was first drawn from, here
  std::string sentence = {};                  // "NumPy: seeded only by reprise, and drawn from by step 1"

  // Its numbers do not depend on reprise.
  bool is_own() const { return by == SeededBy::not_drawn || by == SeededBy::script; }
};

struct ProcessSeeds {
  std::string process;   // "rank 1"; "" where the run has one
  std::string untested;  // why nothing is known of it; "" if something is
  std::vector<GeneratorSeeds> generators;
  std::vector<std::string> unseeded;  // a sentence for each generator of the script's own without a seed
};

struct Seeds {
  bool imposed = true;  // reprise seeded first
  std::vector<ProcessSeeds> processes;

  bool is_known() const;         // of every process
  bool all_own() const;          // every generator that was drawn from was seeded by the script
  std::string sentence() const;  // what it means; "" if nothing
};

// Of the first of these runs of one plan; the others tell whether the script's seeds are the same each time.
Seeds seeds_of(const std::vector<RunTraces>& runs);

// "NumPy" of "numpy.random", for people.
std::string generator_for_people(const std::string& name);
// "train.py line 4" of "train.py:4".
std::string line_for_people(const std::string& place);

}  // namespace reprise
