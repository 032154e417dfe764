// SPDX-License-Identifier: Apache-2.0
#pragma once
// Proof-of-Learning (Jia et al., IEEE S&P 2021, arXiv 2103.05633): a training has left a checkpoint every so
// many steps, and the segments between them over which the weights moved furthest are trained again from
// their first checkpoint. Each must end near the checkpoint that was left, in four distances.
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace reprise {

// Between two checkpoints, over all weights taken as one vector each, in double: the norms l1, l2 and
// maximum of their difference, and 1 - the cosine of the angle between them (parameter_distance in utils.py
// of cleverhans-lab/Proof-of-Learning @51909cc). All are 0 where the bits are equal, and infinite where they
// are not and a weight is no finite number, or is no float.
struct WeightsDistance {
  double l1 = 0, l2 = 0, linf = 0, cos = 0;
};

// What is claimed: where checkpoints are left, how many segments are trained again, with which pins that the
// run itself did not have, and how far each may end from its checkpoint.
struct ClaimedProof {
  std::int64_t interval = 0;  // steps
  std::size_t segments = 2;
  std::vector<std::pair<std::string, std::string>> pins = {};
  WeightsDistance thresholds = {};
};

// An Error where the two do not hold the same weights by name, type and shape, or hold none.
WeightsDistance weights_distance(const std::filesystem::path& a, const std::filesystem::path& b);

// Whether no distance is above its threshold. One that is not a number is.
bool within(const WeightsDistance& apart, const WeightsDistance& thresholds);

// The steps between two checkpoints that a run left.
struct Segment {
  std::int64_t from = 0, to = 0;
  std::filesystem::path first, last;  // the checkpoints
  WeightsDistance moved = {};
};
// All of a run, in order: at step 0, at each multiple of `interval` and at the last step. An Error where one
// of these was not kept.
std::vector<Segment> segments_of(const std::filesystem::path& run_folder, std::int64_t interval,
                                 std::int64_t last_step);
// The `count` over which the weights moved furthest by l2, the earlier one of two alike; all if there are
// fewer. In the order of their steps.
std::vector<Segment> furthest(std::vector<Segment> segments, std::size_t count);

// A segment that was trained again.
struct RepeatedSegment {
  std::int64_t from = 0, to = 0;
  WeightsDistance moved = {}, apart = {};
  bool equal = false;        // every weight, bit for bit
  std::string trouble = {};  // why it was not trained again, or not from there; else ""
};

}  // namespace reprise
