// SPDX-License-Identifier: Apache-2.0
#pragma once
// The options that type a claim, or the metric of a matrix of scripts.

#include "harness/judge/claim/typed_claim.h"
#include "harness/options/command_options.h"

namespace reprise {

// Where the number stands, and its margin.
void add_typed_metric(CommandOptions& app, TypedClaim& typed);
// With the published value and its spread.
void add_typed_claim(CommandOptions& app, TypedClaim& typed);

// Of what takes a while before the first run, on standard error.
void tell_preparation(const std::string& words);

}  // namespace reprise
