// SPDX-License-Identifier: Apache-2.0
#pragma once
// What LibTorch's generator of the CPU gave where it was measured, by version: the bits of an operator that
// draws, under the usual pins. Another answer from the same version is a finding.
#include <span>
#include <string>
#include <string_view>

#include "harness/base/words.h"

namespace reprise {

struct KnownAnswer {
  std::string_view probe, libtorch;  // "randn", "2.11.0"
  std::string_view condition;        // of the processor: "AVX2"; "": none that was tried
  std::string_view bits;             // as a table of operators has them (harness/judge/probe)
};
std::span<const KnownAnswer> known_answers();

enum class DrawAnswer { known, other, unheard };
std::span<const Word<DrawAnswer>> words_of(DrawAnswer answer);

struct HeldAnswer {
  DrawAnswer answer = DrawAnswer::unheard;
  std::string sentence;  // for people
};

// `libtorch` may go on behind a plus sign: "2.11.0+cu130".
HeldAnswer held_against_known(std::string_view probe, std::string_view libtorch, std::string_view bits);

// Whether another answer than the known one may come of another processor or mathematics library alone.
bool depends_on_machine(std::string_view probe);

}  // namespace reprise
