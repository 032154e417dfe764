// SPDX-License-Identifier: Apache-2.0
#include "harness/launch/leg.h"

#include "harness/base/error.h"
#include "harness/base/sha256.h"
#include "harness/cluster/batch.h"

namespace reprise {

namespace fs = std::filesystem;

std::string this_program() { return sha256_file("/proc/self/exe"); }

RunResult make_leg(const fs::path& batch, std::size_t leg, const fs::path& result, LaunchOptions options) {
  const BatchList list = read_batch(batch);
  if (leg >= list.legs.size())
    fail("wanted a leg of {} from 0 to {}, found {}", batch.string(),
         list.legs.empty() ? 0 : list.legs.size() - 1, leg);
  if (!list.program.empty() && list.program != this_program())
    fail(
        "the batch {} is for the reprise with SHA-256 {}, and this is another; start it with that one, or "
        "hand it in again",
        batch.string(), list.program);
  options.executor = "local";
  options.right_kind = true;  // as whoever chose this machine for the leg says
  const Leg& one = list.legs[leg];
  const RunResult made = launch({{one.name, one.plan, one.repeat, one.start}}, options).front();
  if (!result.empty() && fs::is_regular_file(made.folder / "outcome.toml"))
    write_result(result_of(made.folder, plan_id(one.plan), one.repeat), result);
  return made;
}

}  // namespace reprise
