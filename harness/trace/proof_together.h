// SPDX-License-Identifier: Apache-2.0
#pragma once
// Many traces proven at once, by as many processes as there are cores, each of which proves many. A process
// for each trace (trace_proof.h) costs more than the proof where there are a thousand. Traces that are more
// bytes together than anybody would wait for are read where a comparison asks, and proven there.
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <vector>

namespace reprise {

// Those of `traces` (files, or folders that hold one) that are sound and finished are not read again by this
// process while they are the same files. Of the others nothing is said: whoever opens one hears why. `tell`
// hears now and then how many were looked at.
// Where the finished ones hold more than `whole_up_to` bytes together, their rows are not proven here but
// each when it is read (Reading::proven_as_read).
inline constexpr std::uint64_t bytes_proven_whole = std::uint64_t{4} << 30;
void prove_together(const std::vector<std::filesystem::path>& traces,
                    const std::function<void(std::size_t looked_at)>& tell = {},
                    std::uint64_t whole_up_to = bytes_proven_whole);

// The same for the traces of all processes of runs: their folders, or trace files. `tell` hears how many
// traces of how many were looked at.
void prove_runs(const std::vector<std::filesystem::path>& runs,
                const std::function<void(std::size_t looked_at, std::size_t all)>& tell = {});

}  // namespace reprise
