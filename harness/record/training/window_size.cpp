// SPDX-License-Identifier: Apache-2.0
#include "harness/record/training/window_size.h"

#include <fmt/format.h>

#include <algorithm>

namespace reprise {

std::string no_room_for_window(std::uint64_t bytes, std::int64_t done, std::int64_t left,
                               std::uint64_t free) {
  if (done < 1 || left < 1) return "";
  constexpr double mebibyte = 1 << 20;
  const double step = static_cast<double>(bytes) / static_cast<double>(done);
  const double wanted = step * static_cast<double>(left), room = static_cast<double>(free);
  if (wanted <= room) return "";
  const auto fit = static_cast<std::int64_t>(room / step);
  return fmt::format(
      "the operator window does not fit on the disk: {} steps take about {:.0f} MiB, {:.0f} MiB are free; "
      "choose a window of {} steps or fewer, or larger ops-min-elements",
      done + left, step * static_cast<double>(done + left) / mebibyte, room / mebibyte,
      std::max<std::int64_t>(1, done + fit));
}

}  // namespace reprise
