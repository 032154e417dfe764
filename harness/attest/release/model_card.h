// SPDX-License-Identifier: Apache-2.0
#pragma once
// The metadata that a model card of Hugging Face takes (model-index), for whoever releases the model there.
#include <string>

#include "harness/attest/release/release_facts.h"

namespace reprise {

// YAML: what share of the runs agrees with the first bit for bit, and the metrics of the first. Nothing in it
// says `verified`, a word that Hugging Face keeps for itself.
std::string model_card_metadata(const ReleaseFacts& facts);

}  // namespace reprise
