// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which random draws are portable, as a document: between the cards that were named, by rule; between
// processors, by rule; and what this machine and LibTorch drew.
#include <string>
#include <vector>

#include "probes/streams/cards.h"
#include "probes/streams/known_answers.h"
#include "reports/layout/report.h"

namespace reprise {

inline constexpr std::string_view streams_schema = "reprise.streams/1";

struct MeasuredStream {
  std::string probe, bits;
  DrawAnswer answer = DrawAnswer::unheard;
  std::string sentence;  // what was seen, or why nothing was
};

struct StreamAnswer {
  std::vector<CudaCard> cards;
  std::vector<MeasuredStream> measured = {};
  std::string device, processor, libtorch;  // that drew; "" where nothing was measured
  std::string unmeasured = {};              // why not
};

// Exit code 1 where this machine drew other numbers than are known of its LibTorch, and neither processor
// nor mathematics library can be the reason. `command`: the words that do it again.
Report stream_report(const StreamAnswer& answer, const std::vector<std::string>& command);

}  // namespace reprise
