// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a doctor finds: the facts of a machine, what the plan pins of them, which variables that are set now
// would reach a run, and what should be changed. Nothing here looks at the machine: it judges what it is
// given.
#include <map>
#include <string>
#include <vector>

#include "harness/judge/doctor/moving_facts.h"
#include "harness/machine/facts.h"

namespace reprise {

enum class Reaches {
  pinned,     // runs get what the plan says, whatever is set now
  reaches,    // runs get it as it is set now
  kept_away,  // runs do not get it; a script that is started by hand does
};
std::span<const Word<Reaches>> words_of(Reaches reaches);

struct SetVariable {
  std::string name, value;  // as set now
  Reaches reaches = Reaches::kept_away;
  std::string pin;     // that sets it in runs
  std::string in_run;  // what runs get; "": nothing
};

struct Warning {
  std::string sentence, remedy;
};

struct Examination {
  std::string subject;  // the recipe's name, or the command; "": the usual plan
  Facts facts;
  std::vector<SetVariable> variables;
  std::vector<Warning> warnings;
};

using Variables = std::map<std::string, std::string>;

// Of what is set now: what some library reads whose arithmetic it may move, or what every run is given.
// `in_run`: what a run of the plan is started with.
std::vector<SetVariable> set_variables(const Variables& now, const Plan& plan, const Variables& in_run);

// `cannot`: why the plan does not run here, "" if it does.
std::vector<Warning> warnings_of(const Facts& facts, const std::vector<SetVariable>& variables,
                                 const Plan& plan, const std::string& cannot);

}  // namespace reprise
