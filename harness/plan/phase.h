// SPDX-License-Identifier: Apache-2.0
#pragma once
// The phases of a training step, as a plan names those that a window of operators looks at and as a trace
// names those that its calls belong to.
#include <array>
#include <cstddef>
#include <string_view>

namespace reprise {

// What a step is doing. `begin` is before step 1; `evaluate` takes metrics.
enum class Phase { begin, forward, backward, optimizer, evaluate };
inline constexpr std::size_t phase_count = 5;
inline constexpr std::array<std::string_view, phase_count> phase_names = {"begin", "forward", "backward",
                                                                          "optimizer", "evaluate"};
inline std::string_view name_of(Phase phase) { return phase_names[static_cast<std::size_t>(phase)]; }

}  // namespace reprise
