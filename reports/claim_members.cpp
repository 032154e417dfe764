// SPDX-License-Identifier: Apache-2.0
#include "reports/claim_members.h"

#include <filesystem>

#include "reports/phrases.h"

namespace reprise {
namespace {

Json reference_of(const Claim& claim, Json json) {
  json["metric"] = claim.metric;
  json["better"] = claim.higher_is_better ? "higher" : "lower";
  json["target"] = claim.value;
  json["unit"] = claim.unit;
  json["deviation"] = to_text(claim.deviation);
  Json points = Json::array();
  for (const auto& point : claim.points)
    points.push_back({{"batch", point.batch}, {"runs", numbers(point.runs)}});
  json["points"] = points;
  return json;
}

Json distance_of(const WeightsDistance& apart) {
  return {{"l1", number(apart.l1)},
          {"l2", number(apart.l2)},
          {"linf", number(apart.linf)},
          {"cos", number(apart.cos)}};
}

Json proof_of(const ClaimedProof& proof, Json json) {
  json["interval"] = proof.interval;
  json["segments"] = proof.segments;
  json["pins"] = Json::object();
  for (const auto& [name, value] : proof.pins) json["pins"][name] = value;
  json["thresholds"] = distance_of(proof.thresholds);
  return json;
}

Json segments_of(const std::vector<RepeatedSegment>& segments) {
  Json all = Json::array();
  for (const auto& one : segments)
    all.push_back({{"from", one.from},
                   {"to", one.to},
                   {"moved", distance_of(one.moved)},
                   {"apart", one.trouble.empty() ? distance_of(one.apart) : Json()},
                   {"equal", one.trouble.empty() ? Json(one.equal) : Json()},
                   {"reason", one.trouble}});
  return all;
}

Json published_of(const Claim& claim) {
  Json json = {{"repository", claim.repository}, {"paper", claim.paper}};
  if (claim.kind == ClaimKind::digest) {
    json["artifact"] = claim.artifact;
    json["sha256"] = claim.sha256;
    return json;
  }
  if (claim.kind == ClaimKind::convergence) return reference_of(claim, json);
  if (claim.kind == ClaimKind::proof) return proof_of(claim.proof, json);
  if (claim.kind == ClaimKind::law) json["law"] = claim.law;
  json["metric"] = claim.metric;
  json["unit"] = claim.unit;
  json["better"] = claim.higher_is_better ? "higher" : "lower";
  json["value"] = claim.value;
  json["spread"] = claim.spread ? Json(*claim.spread) : Json();
  json["spread_kind"] = claim.spread ? Json(to_text(claim.spread_kind)) : Json();
  json["n_seeds"] = claim.n_seeds;
  json["statistic"] = to_text(claim.statistic);
  json["take"] = to_text(claim.take);
  json["split"] = claim.split;
  json["test_n"] = claim.test_n ? Json(*claim.test_n) : Json();
  json["margin"] = claim.margin;
  json["margin_reason"] = claim.margin_reason;
  return json;
}

Json reading_of(const HeldReading& one) {
  const auto& test = one.test;
  return {{"spread_read_as", one.reading.name},
          {"published_sd", one.reading.name.empty() ? Json() : Json(one.reading.sd)},
          {"difference", number(test.difference)},
          {"standard_error", number(test.standard_error)},
          {"df", number(test.df)},
          {"welch_p", number(test.welch_p)},
          {"p_lower", number(test.p_lower)},
          {"p_upper", number(test.p_upper)},
          {"interval_90", {number(test.interval_low), number(test.interval_high)}},
          {"prediction_95", {number(one.predicted.low), number(one.predicted.high)}},
          {"result", test.result == Equivalence::equivalent  ? "equivalent"
                     : test.result == Equivalence::different ? "different"
                                                             : "inconclusive"}};
}

// "<plan id>/<repeat>", wherever the folder of runs lies.
std::string run_name(const std::filesystem::path& folder) {
  return (folder.parent_path().filename() / folder.filename()).string();
}

Json run_of(const ClaimRun& run) {
  Json json = {{"name", run.name},
               {"seed", run.seed},
               {"run", run_name(run.folder)},
               {"ended", run.stopped ? "stopped" : to_text(run.outcome.ending)},
               {"reason", run.trouble.empty() ? run.outcome.reason : run.trouble},
               {"bits", run.identity},
               {"weights", run.weights},
               {"same_bits_as", run.same_as},
               {"counts", run.counts()},
               {"value", run.value ? number(*run.value) : Json()},
               {"values", numbers(run.values)}};
  if (!run.artifact.empty()) json["sha256"] = run.artifact;
  if (!run.counted_with.empty()) json["counted_with"] = run.counted_with;
  return json;
}

Json convergence_of(const HeldConvergence& held) {
  const Convergence result = held.verdict.result;
  return {{"reference_batch", held.reference.batch},
          {"reference_mean", number(held.reference.mean)},
          {"reference_sd", number(held.reference.sd)},
          {"reference_runs", held.reference.n},
          {"score", number(held.verdict.score)},
          {"least", number(held.verdict.least)},
          {"factor", number(held.verdict.factor)},
          {"result", result == Convergence::passes     ? "passes"
                     : result == Convergence::scaled   ? "scaled"
                     : result == Convergence::too_fast ? "too fast"
                                                       : "not converged"}};
}

Json pairs_of(const std::vector<PairedRun>& pairs) {
  Json all = Json::array();
  for (const auto& one : pairs)
    all.push_back({{"run", one.run},
                   {"ours_alone_right", one.ours_alone},
                   {"theirs_alone_right", one.theirs_alone},
                   {"chi_squared", number(one.chi_squared)},
                   {"p", number(one.p)},
                   {"adjusted_p", number(one.adjusted_p)}});
  return all;
}

Json own_pairs_of(const std::vector<RunPair>& pairs) {
  Json all = Json::array();
  for (const auto& one : pairs)
    all.push_back({{"first", one.first},
                   {"second", one.second},
                   {"first_alone_right", one.first_alone},
                   {"second_alone_right", one.second_alone},
                   {"p", number(one.p)},
                   {"adjusted_p", number(one.adjusted_p)}});
  return all;
}

Json floor_of(const NoiseFloor& floor) {
  return {{"binomial_sd", number(floor.binomial)},
          {"calibrated_sd", floor.calibrated ? number(*floor.calibrated) : Json()},
          {"independent_sd", floor.independent ? number(*floor.independent) : Json()}};
}

Json rows_of(const std::vector<NoiseRow>& rows) {
  Json all = Json::array();
  for (const auto& row : rows)
    all.push_back({{"varied", row.varied},
                   {"runs", row.runs},
                   {"accuracy_sd", number(row.accuracy_sd)},
                   {"loss_sd", row.loss_sd ? number(*row.loss_sd) : Json()},
                   {"disagreement", number(row.disagreement)}});
  return all;
}

}  // namespace

Json claim_members(const HeldClaim& held) {
  Json readings = Json::array(), runs = Json::array();
  for (const auto& one : held.readings) readings.push_back(reading_of(one));
  for (const auto& run : held.runs) runs.push_back(run_of(run));
  Json json = {{"name", held.claim.name},
               {"claim_id", claim_id(held.claim)},
               {"kind", to_text(held.claim.kind)},
               {"answer", to_text(held.answer)},
               {"finding", to_text(held.finding)},
               {"sentence", held.sentence},
               {"remarks", held.remarks},
               {"planned", held.plan},
               {"published", published_of(held.claim)}};
  if (claims_number(held.claim)) {
    const bool any = held.ours.n > 0;
    json["ours"] = {{"n", held.ours.n},
                    {"trainings", held.trainings > 0 ? Json(held.trainings) : Json()},
                    {"mean", any ? number(held.ours.mean) : Json()},
                    {"sd", held.ours.n > 1 ? number(held.ours.sd) : Json()},
                    {"value", held.readings.empty() ? Json() : number(held.our_value)}};
    json["readings"] = readings;
    json["p"] = held.readings.empty() ? Json() : number(held.p);
    json["adjusted_p"] = held.readings.empty() ? Json() : number(held.adjusted_p);
    json["runs_needed"] = held.needed ? Json(*held.needed) : Json();
    json["too_imprecise"] = held.too_imprecise;
    if (!held.pairs.empty()) json["pairs"] = pairs_of(held.pairs);
    if (!held.own_pairs.empty()) json["own_pairs"] = own_pairs_of(held.own_pairs);
    if (held.floor) json["noise_floor"] = floor_of(*held.floor);
    if (!held.rows.empty()) json["rows"] = rows_of(held.rows);
    json["bootstrap_90"] =
        held.bootstrap ? Json({number(held.bootstrap->low), number(held.bootstrap->high)}) : Json();
  }
  if (held.claim.kind == ClaimKind::proof) json["segments"] = segments_of(held.segments);
  if (held.convergence) json["convergence"] = convergence_of(*held.convergence);
  json["runs"] = runs;
  return json;
}

}  // namespace reprise
