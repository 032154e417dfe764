// SPDX-License-Identifier: Apache-2.0
#pragma once
// Shards: files that together are one checkpoint.
#include "harness/checkpoint/checkpoint_file.h"

namespace reprise {

// Adds what a shard holds. A plain value that two shards have alike is one value.
void merge(CheckpointFile& all, CheckpointFile shard);

}  // namespace reprise
