// SPDX-License-Identifier: Apache-2.0
#pragma once
// A badge for a README: a small SVG of our own, and what a shields.io endpoint reads.
#include <string>

#include "reports/layout/blocks.h"

namespace reprise {

struct Badge {
  std::string label;    // "bits"
  std::string message;  // "18/20 match"
  Mood mood = Mood::neutral;
};

std::string badge_svg(const Badge& badge);
std::string badge_json(const Badge& badge);

}  // namespace reprise
