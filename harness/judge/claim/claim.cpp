// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/claim/claim.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "harness/base/files.h"
#include "harness/tensor/digest.h"

namespace reprise {

std::span<const Word<ClaimKind>> words_of(ClaimKind /*kind*/) {
  static constexpr Word<ClaimKind> words[] = {{ClaimKind::metric, "metric"},
                                              {ClaimKind::digest, "digest"},
                                              {ClaimKind::law, "law"},
                                              {ClaimKind::convergence, "convergence"},
                                              {ClaimKind::proof, "proof"}};
  return words;
}

std::span<const Word<Statistic>> words_of(Statistic /*statistic*/) {
  static constexpr Word<Statistic> words[] = {{Statistic::last, "last"},
                                              {Statistic::best_over_evaluations, "best-over-evaluations"},
                                              {Statistic::mean, "mean"},
                                              {Statistic::median, "median"},
                                              {Statistic::best_seed, "best-seed"}};
  return words;
}

namespace {

void check_spread(const Claim& claim) {
  if (!claim.spread) return;
  if (!(*claim.spread > 0) || !std::isfinite(*claim.spread))
    fail(
        "wanted a spread above 0, found {}; a spread of 0 was rounded away, or the seeds were not varied: "
        "leave it out",
        number_text(*claim.spread));
  if (claim.n_seeds < 2)
    fail(
        "one run has no spread, found spread = {} with n_seeds = 1; say how many seeds it is of, or leave it "
        "out",
        number_text(*claim.spread));
  if (claim.statistic == Statistic::best_seed)
    fail("the best of some seeds has no spread of its own, found spread = {}; leave it out",
         number_text(*claim.spread));
}

void check_metric_claim(const Claim& claim) {
  if (!std::isfinite(claim.value))
    fail("wanted a value that is a number, found {}", number_text(claim.value));
  if (!(claim.margin > 0) || !std::isfinite(claim.margin))
    fail(
        "wanted a margin above 0 ({}), found {}; no number of runs can show that two means are exactly equal",
        claim.unit.empty() ? "in the metric's unit" : "in " + claim.unit, number_text(claim.margin));
  if (claim.margin_reason.empty())
    fail(
        "wanted the reason of the margin in margin_reason (\"half of the gain that is claimed\"), found "
        "none");
  if (claim.metric.empty()) fail("wanted the name of a metric, found an empty text");
  check_spread(claim);
}

void check_convergence(const Claim& claim) {
  if (!std::isfinite(claim.value))
    fail("wanted a target that is a number, found {}", number_text(claim.value));
  if (claim.points.empty())
    fail("wanted a [[claim.point]] at least, with batch and the runs of the reference, found none");
  if (claim.unit != "steps" && claim.unit != "samples" && claim.unit != "epochs")
    fail("wanted unit = \"steps\", \"samples\" or \"epochs\", in which runs are counted, found '{}'",
         claim.unit);
  for (const auto& point : claim.points) {
    if (!(point.batch >= 1)) fail("wanted a batch of at least 1, found {}", number_text(point.batch));
    for (const double run : point.runs)
      if (!(run > 0)) fail("wanted runs above 0, found {}", number_text(run));
    reference_point(point.batch, point.runs, claim.deviation);
  }
}

void check_proof(const ClaimedProof& proof) {
  if (proof.interval < 1) fail("wanted an interval of at least 1 step, found {}", proof.interval);
  if (proof.segments < 1) fail("wanted at least 1 segment that is trained again, found 0");
  const WeightsDistance& most = proof.thresholds;
  for (const auto& [name, value] :
       {std::pair{"l1", most.l1}, {"l2", most.l2}, {"linf", most.linf}, {"cos", most.cos}})
    if (!(value >= 0) || !std::isfinite(value))
      fail("wanted a distance of 0 or more for {}, found {}", name, number_text(value));
}

std::string proof_text(const ClaimedProof& proof) {
  const WeightsDistance& most = proof.thresholds;
  std::string text =
      fmt::format("proof {} {} {} {} {} {}\n", proof.interval, proof.segments, number_text(most.l1),
                  number_text(most.l2), number_text(most.linf), number_text(most.cos));
  for (const auto& [name, value] : proof.pins) text += fmt::format("pin {}={}\n", name, value);
  return text;
}

}  // namespace

std::vector<SpreadReading> readings_of(const Claim& claim) {
  if (!claim.spread) return {};
  return readings_of(*claim.spread, claim.spread_kind, claim.n_seeds);
}

void check_claim(const Claim& claim) {
  if (claim.name.empty()) fail("wanted a name for the claim, found an empty text");
  if (claims_number(claim)) check_metric_claim(claim);
  if (claim.kind == ClaimKind::convergence) check_convergence(claim);
  if (claim.kind == ClaimKind::proof) check_proof(claim.proof);
  if (claim.kind == ClaimKind::digest && claim.artifact.empty())
    fail("wanted the name of what the runs leave (artifact = \"trained_weights\"), found an empty text");
  const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  if (claim.kind == ClaimKind::digest &&
      (claim.sha256.size() != 64 || !std::ranges::all_of(claim.sha256, is_digit)))
    fail("wanted a SHA-256, 64 hexadecimal digits, found '{}' ({} characters)", claim.sha256,
         claim.sha256.size());
}

std::string claim_id(const Claim& claim) {
  std::string text = fmt::format("{}\n{}\n", claim.name, to_text(claim.kind));
  for (const auto& [name, value] : claim.set) text += fmt::format("set {}={}\n", name, value);
  text += fmt::format("{} {} {} {}\n", claim.metric, claim.unit, claim.higher_is_better,
                      number_text(claim.value));
  if (claim.spread)
    text += fmt::format("spread {} {}\n", number_text(*claim.spread), to_text(claim.spread_kind));
  text +=
      fmt::format("{} {} {} {}\n", claim.n_seeds, to_text(claim.statistic), to_text(claim.take), claim.split);
  text += fmt::format("margin {} {}\n", number_text(claim.margin), claim.margin_reason);
  if (claim.place)
    text += fmt::format("{}\n{}\n{}\n", claim.place->pattern, claim.place->file, claim.place->key);
  text += fmt::format("{} {}\n", claim.artifact, claim.sha256);
  if (!claim.law.empty()) text += fmt::format("law {}\n", claim.law);
  if (!claim.predictions.empty()) text += fmt::format("predictions {}\n", fmt::join(claim.predictions, " "));
  for (const auto& point : claim.points)
    text += fmt::format("point {} {} {}\n", to_text(claim.deviation), number_text(point.batch),
                        fmt::join(point.runs, " "));
  if (claim.kind == ClaimKind::proof) text += proof_text(claim.proof);
  const auto size = static_cast<std::int64_t>(text.size());
  return to_text(tensor_digest("U8", {&size, 1}, std::as_bytes(std::span(text))));
}

}  // namespace reprise
