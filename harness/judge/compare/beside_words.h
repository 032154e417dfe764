// SPDX-License-Identifier: Apache-2.0
#pragma once
// What runs printed and left, in words.
#include <string>
#include <vector>

#include "harness/judge/compare/beside.h"

namespace reprise {

// "accuracy printed 0.7560 and 0.7480 (line 1)"; `values`: of more than two runs, instead of the two.
std::string to_words(const LineDifference& line, const std::vector<std::string>& values = {});
// "evaluation.pt: accuracy 0.756 and 0.748"; "" of a file that is equal.
std::string to_words(const FileDiff& file, const std::string& name_a, const std::string& name_b);
// "3 lines differ in times, paths or addresses alone, which are left out, such as line 2: '...' and '...'";
// "" where none do.
std::string left_out_words(const TextDiff& text);

// Of runs whose training is equal: "what they printed and left differs: accuracy printed 0.7560, 0.7480 and
// 0.7512 (line 1); evaluation.pt: accuracy differs". "" where nothing was seen to differ.
std::string differing_beside(const Beside& beside, const Diff& diff);
// Whether something beside runs of equal training was not compared, with the first reason; "" if all was.
std::string not_compared_beside(const Beside& beside);
// A sentence for below the verdict, or "": where there is no pair of equal runs.
std::string beside_sentence(const Beside& beside, const Diff& diff);

}  // namespace reprise
