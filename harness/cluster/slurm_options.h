// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a person asks of Slurm for a job: 'partition=gpu gres=gpu:h100:1 constraint=sm90', the long options of
// sbatch without their dashes.
#include <map>
#include <string>
#include <string_view>

namespace reprise {

// Option -> value; "" for one without a value. Words in quotes stay one. An Error for what is none, and for
// options that reprise sets itself (array, output, requeue, ...).
using SlurmOptions = std::map<std::string, std::string>;
SlurmOptions parse_slurm_options(std::string_view text);

// `more` wins.
SlurmOptions joined_options(SlurmOptions options, const SlurmOptions& more);

}  // namespace reprise
