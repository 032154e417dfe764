// SPDX-License-Identifier: Apache-2.0
#include "harness/launch/leg.h"

#include "harness/base/error.h"
#include "harness/base/sha256.h"
#include "harness/cluster/batch.h"

namespace reprise {

namespace fs = std::filesystem;

std::string this_program() { return sha256_file("/proc/self/exe"); }

RunResult make_leg(const LegChoice& choice, LaunchOptions options) {
  const BatchList list = read_batch(choice.batch);
  if (choice.leg >= list.legs.size())
    fail("wanted a leg of {} from 0 to {}, found {}", choice.batch.string(),
         list.legs.empty() ? 0 : list.legs.size() - 1, choice.leg);
  if (!list.program.empty() && list.program != this_program())
    fail(
        "the batch {} is for the reprise with SHA-256 {}, and this is another; start it with that one, or "
        "hand it in again",
        choice.batch.string(), list.program);
  options.executor = "local";
  options.right_kind = true;  // as whoever chose this machine for the leg says
  Leg one = list.legs[choice.leg];
  if (one.plan.command && !choice.folder.empty())
    one.plan.command->folder = fs::canonical(choice.folder).string();
  const RunResult made = launch({{one.name, one.plan, one.repeat, one.start}}, options).front();
  if (!choice.result.empty() && fs::is_regular_file(made.folder / "outcome.toml"))
    write_result(result_of(made.folder, plan_id(one.plan), one.repeat), choice.result);
  return made;
}

}  // namespace reprise
