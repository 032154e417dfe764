// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a held claim says, in sentences.
#include <string>

#include "harness/judge/claim/held.h"

namespace reprise {

// A number of the claim's metric: four digits behind the point at most, with its unit.
std::string in_unit(double value, const Claim& claim);
// "91.2 % +/- 0.3 (SD) over 5 seeds": what was published.
std::string published_words(const Claim& claim);
// "the mean over seeds of the last evaluation of each run"
std::string statistic_words(const Claim& claim);

// Why the runs cannot be tested at all; "" where they can.
std::string why_no_test(const HeldClaim& held);
std::string sentence_of(const HeldClaim& held);
std::string holm_sentence(const HeldClaim& held, std::size_t claims);
void add_remarks(HeldClaim& held);

std::string why_no_digest(const HeldClaim& held);
std::string digest_sentence(const HeldClaim& held, const ClaimRun& run);

}  // namespace reprise
