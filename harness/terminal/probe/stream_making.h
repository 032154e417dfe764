// SPDX-License-Identifier: Apache-2.0
#pragma once
// `reprise probe streams`: which random draws are portable between the cards that were named, and whether
// this machine draws what is known of its LibTorch.
#include <string>
#include <vector>

#include "harness/machine/gpu.h"
#include "harness/terminal/probe/probe_making.h"
#include "reports/probes/stream_report.h"

namespace reprise {

// `names`: cards as people call them; none: those of this machine, else all that are known.
std::vector<CudaCard> chosen_cards(const std::vector<std::string>& names, const GpuList& gpus);

// Of operators that draw, what their verdicts say. On a card the integers are held against the grid rule; on
// the CPU all against what is known, if their runs had the usual pins.
std::vector<MeasuredStream> measured_streams(const std::vector<ProbeVerdict>& verdicts, const Pins& pins);

// Runs every operator of the worker that draws. Where there is no worker, the answer says so.
StreamAnswer stream_answer(const std::vector<std::string>& cards, const ProbeChoices& choices,
                           const LaunchOptions& how);

}  // namespace reprise
