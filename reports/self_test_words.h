// SPDX-License-Identifier: Apache-2.0
#pragma once
// The words and moods of what a self-test found, where several places need them.
#include <string>

#include "harness/judge/verdict/self_test.h"
#include "reports/layout/blocks.h"

namespace reprise {

std::string result_word(Caught result);  // "as expected"
Mood mood_of(Caught result);
// Why a report is void, told by the first row that is not as expected.
std::string escape_sentence(const SelfTest& test);

}  // namespace reprise
