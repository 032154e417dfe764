// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a plan needs of this machine, and the variables that a run of it is started with.
#include <map>
#include <string>

#include "harness/plan/plan.h"

namespace reprise {

// The environment of a run: the plan's pins, a short allow-list (PATH, HOME, TMPDIR, REPRISE_DATA, ...), and
// fixed values (LC_ALL=C, TZ=UTC, OMP_DYNAMIC=false, ...). Nothing else is inherited.
std::map<std::string, std::string> run_environment(const Plan& plan);

// Why this machine cannot do the plan ("this processor has no avx512f, which isa=avx512 needs"), or "".
std::string cannot_run(const Plan& plan);

}  // namespace reprise
