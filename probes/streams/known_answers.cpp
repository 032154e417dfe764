// SPDX-License-Identifier: Apache-2.0
#include "probes/streams/known_answers.h"

#include <fmt/format.h>

#include "probes/streams/draw_kinds.h"

namespace reprise {
namespace {

constexpr Word<DrawAnswer> answer_words[] = {
    {DrawAnswer::known, "as known"}, {DrawAnswer::other, "other"}, {DrawAnswer::unheard, "not known"}};

// Measured on 2026-11-28 with wheels of the Python package index, on an AMD EPYC with AVX2 and without
// AVX-512 (Debian 12, glibc 2.36): isa=auto and default; what says no condition had the same bits under
// each.
constexpr KnownAnswer answers[] = {
    {"bernoulli", "2.11.0", "", "a5bd40b057dde91be60659f954a4e909"},
    {"dropout", "2.11.0", "", "52864dd5fd52e44a4b30abb8db6e2e0c"},
    {"exponential", "2.11.0", "", "f6f1c6c7cb8ed4d448ceb7268bdf4663"},
    {"multinomial", "2.11.0", "", "0b0d52b93be1b9cda981163d90a16ca5"},
    {"multinomial-once", "2.11.0", "", "94c7b94872c475b86690aa969ea92797"},
    {"poisson", "2.11.0", "", "737931e0d15bbc7959a24257611a2a42"},
    {"rand", "2.11.0", "", "cd6232fca292043b4550bd8d295825bd"},
    {"randn", "2.11.0", "AVX2", "95070c0d3074223dd259896c3d3cedd2"},
    {"randn", "2.11.0", "no vectors", "355de7bd97f1ead54eeaa2e88f5f6288"},
    {"random-integers", "2.11.0", "", "5dfb6a6cff7126d0190b670d9f0dec76"},
    {"randperm", "2.11.0", "", "7f7cc0437e5b105dd8a03df37cb79e41"},
    {"bernoulli", "2.13.0", "", "a5bd40b057dde91be60659f954a4e909"},
    {"dropout", "2.13.0", "", "52864dd5fd52e44a4b30abb8db6e2e0c"},
    {"exponential", "2.13.0", "", "f6f1c6c7cb8ed4d448ceb7268bdf4663"},
    {"multinomial", "2.13.0", "", "0b0d52b93be1b9cda981163d90a16ca5"},
    {"multinomial-once", "2.13.0", "", "94c7b94872c475b86690aa969ea92797"},
    {"poisson", "2.13.0", "", "737931e0d15bbc7959a24257611a2a42"},
    {"rand", "2.13.0", "", "cd6232fca292043b4550bd8d295825bd"},
    {"randn", "2.13.0", "AVX2", "95070c0d3074223dd259896c3d3cedd2"},
    {"randn", "2.13.0", "no vectors", "355de7bd97f1ead54eeaa2e88f5f6288"},
    {"random-integers", "2.13.0", "", "5dfb6a6cff7126d0190b670d9f0dec76"},
    {"randperm", "2.13.0", "", "7f7cc0437e5b105dd8a03df37cb79e41"},
};

}  // namespace

std::span<const Word<DrawAnswer>> words_of(DrawAnswer /*answer*/) { return answer_words; }
std::span<const KnownAnswer> known_answers() { return answers; }

bool depends_on_machine(std::string_view probe) {
  for (const auto& kind : draw_kinds())
    if (kind.probe == probe) return kind.cpu != CpuRule::everywhere;
  return false;
}

HeldAnswer held_against_known(std::string_view probe, std::string_view libtorch, std::string_view bits) {
  const std::string_view version = libtorch.substr(0, libtorch.find('+'));
  bool heard = false;
  for (const auto& known : answers) {
    if (known.probe != probe || known.libtorch != version) continue;
    heard = true;
    if (known.bits == bits)
      return {DrawAnswer::known, known.condition.empty()
                                     ? fmt::format("as LibTorch {} drew where it was measured", version)
                                     : fmt::format("as LibTorch {} drew with {}", version, known.condition)};
  }
  if (!heard) return {DrawAnswer::unheard, fmt::format("no answer of LibTorch {} is known", version)};
  return {
      DrawAnswer::other,
      fmt::format("LibTorch {} drew other numbers where it was measured{}", version,
                  depends_on_machine(probe) ? "; another processor or mathematics library may do that" : "")};
}

}  // namespace reprise
