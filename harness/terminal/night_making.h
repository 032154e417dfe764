// SPDX-License-Identifier: Apache-2.0
#pragma once
// A whole night: every matrix of a file run, held against baselines, written down; and the page of all
// nights.
#include <filesystem>
#include <string>
#include <vector>

#include "harness/terminal/matrix_making.h"
#include "reports/layout/report.h"

namespace reprise {

struct NightOrder {
  std::string matrix;  // the file
  std::string baselines = "baselines", history = "history";
  std::string machine;   // "": this host's name
  bool record = false;   // what runs without a baseline gave becomes theirs, when the night is over
  LaunchChoices launch;  // --runs, --worker, --jobs and the like
};

struct NightMade {
  Report report;
  std::vector<std::filesystem::path> files;
  bool interrupted = false;  // by a person: the same command goes on
};
// Rows are appended to the history matrix by matrix, so that whatever ends the night loses no finished run.
NightMade make_night(const NightOrder& order);

// index.html, badge.svg and badge.json in the history's folder. An Error where it holds no history.
std::vector<std::filesystem::path> write_page(const std::filesystem::path& history);

}  // namespace reprise
