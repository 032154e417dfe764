// SPDX-License-Identifier: Apache-2.0
#pragma once
// The folder of a run that is done, asked whether all that it was given and read is still as it was.
#include "harness/watch/evidence_read.h"
#include "launch/fake_worker.h"

namespace reprise {

struct AskedRun {
  Scratch scratch;
  Facts given;
  std::filesystem::path folder;  // in which the command is asked for now; at first the one it was made in
  std::filesystem::path run = scratch / "runs" / "id" / "1";

  AskedRun(const Facts& facts, const std::string& made_in)
      : given(facts), folder(made_in.empty() ? scratch.path() : scratch / made_in) {
    std::filesystem::create_directories(run);
    write_start({given, {}, folder.string(), {}, false, ""}, run);
  }
  std::string changed() const {
    return what_changed(run, {[this] { return given; }, [] { return Facts(); }, folder});
  }
};

}  // namespace reprise
