// SPDX-License-Identifier: Apache-2.0
#pragma once
// `reprise run --resume-from-checkpoint`: its options, and what it says.

#include "harness/options/command_options.h"
#include "harness/search/resuming.h"
#include "harness/terminal/launching.h"

namespace reprise {

void add_resume_options(CommandOptions& app, ResumeOrder& order);
// Whether it was asked for; an Error for one of its options without it.
bool wants_resume(const CommandOptions& app);
// Makes the three runs and tells what they show. Exit code 0: identical; 1: not; 2: untested.
int make_resume(const ResumeOrder& order, const Plan& plan, const LaunchChoices& choices, bool json);

}  // namespace reprise
