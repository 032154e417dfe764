// SPDX-License-Identifier: Apache-2.0
#pragma once
// How the worker comes to its torch. It was built for one version, and must never meet another: most of it
// would be misread in silence.
#include <filesystem>
#include <map>
#include <string>

#include "harness/launch/launch.h"

namespace reprise {

// The torch version that the worker was built for, as share/reprise/worker.toml beside its folder says; ""
// where there is no such file, as for a worker of somebody's own.
std::string torch_wanted_by(const std::filesystem::path& worker);

// The release of the torch that a worker would be led to: "2.11.0"; "" if there is none, or one older than
// 2.6.
std::string torch_at_hand(const LaunchOptions& options);
// `options` with the worker that was kept for the plan's torch (watch/kept_torch.h), where the one at hand
// has another and neither a worker nor a torch was named. Where no worker is beside this program, the one
// that was kept for the torch at hand.
LaunchOptions worker_for(const Plan& plan, const LaunchOptions& options);
// Why a worker that was kept is not to be used any more, or "".
std::string why_stale(const std::filesystem::path& worker);

// The variables that lead the worker to its torch: none where it finds that by itself, as in the folder in
// which it was built. Else to options.torch, LIBTORCH_DIR, or the torch of the python3 on PATH. An Error
// where there is none, or only one of another version.
std::map<std::string, std::string> torch_variables(const LaunchOptions& options);

}  // namespace reprise
