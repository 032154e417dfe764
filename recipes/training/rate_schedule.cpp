// SPDX-License-Identifier: Apache-2.0
#include "recipes/training/rate_schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "harness/base/error.h"

namespace reprise {

double RateSchedule::rate(std::int64_t i) const {
  const auto all = static_cast<double>(steps), at = static_cast<double>(i - 1);
  // Whole steps, so that no rounding of a share decides in which phase a step lies.
  const double warm = std::round(warmup * all), hold = warm + std::round(held * all),
               tail = all - std::round(last_held * all), bottom = tail - std::round(floor_held * all);
  if (at < warm) return first + (peak - first) * (at + 1) / (warm + 1);
  if (at < hold) return peak;
  if (at >= tail && last_held > 0) return last;
  if (at >= bottom) return floor;
  return floor + 0.5 * (1 + std::cos(std::numbers::pi * (at - hold) / (bottom - hold))) * (peak - floor);
}

RateSchedule rate_schedule(const Setup& setup) {
  RateSchedule schedule{.steps = setup.plan().steps,
                        .first = setup.number("first_lr"),
                        .peak = setup.number("lr"),
                        .floor = setup.number("min_lr"),
                        .last = setup.number("last_lr"),
                        .warmup = setup.number("warmup"),
                        .held = setup.number("held"),
                        .floor_held = setup.number("floor_held"),
                        .last_held = setup.number("last_held")};
  const auto shares = {schedule.warmup, schedule.held, schedule.floor_held, schedule.last_held};
  double sum = 0;
  for (const double share : shares) sum += share;
  if (std::min(shares) < 0 || sum > 1)
    fail(
        "wanted warmup, held, floor_held and last_held as shares of the steps that add up to 1 at most, "
        "found "
        "{}, {}, {} and {}",
        schedule.warmup, schedule.held, schedule.floor_held, schedule.last_held);
  return schedule;
}

}  // namespace reprise
