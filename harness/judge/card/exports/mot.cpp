// SPDX-License-Identifier: Apache-2.0
// The record of the Model Openness Tool.
#include "harness/judge/card/mot.h"
#include "harness/judge/card/export.h"

namespace reprise::card_exports {

extern const CardExport mot{
    .summary = "YAML for the Model Openness Tool",
    .extension = "yml",
    .write = [](std::span<const CardFound> cards) { return mot_of(only_card(cards, "mot").card); },
};

}  // namespace reprise::card_exports
