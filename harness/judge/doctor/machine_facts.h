// SPDX-License-Identifier: Apache-2.0
#pragma once
// The facts of this machine that move bits, and some that are often taken for such: read from the kernel, the
// driver and files, without LibTorch. Their names are those that traces use, where a trace has them too.
#include <filesystem>
#include <map>
#include <string>

#include "harness/machine/facts.h"
#include "harness/machine/gpu.h"
#include "harness/watch/observed_torch.h"

namespace reprise {

// Of the processor beyond its model: sockets, NUMA nodes, caches, governor. `system`: /sys/devices/system.
Facts layout_facts(const std::filesystem::path& system);
// The first GPU as "gpu.name" and so on, as traces name the one that they used, others as "gpu.1.name".
Facts facts_of_gpus(const GpuList& list);
// Version, git commit, BLAS and oneDNN of a torch, and the digests of its libraries: read from its files,
// nothing is loaded.
Facts torch_facts(const ObservedTorch& torch);
// NCCL's configuration: /etc/nccl.conf and ~/.nccl.conf, by SHA-256, where they are there.
Facts nccl_facts(const std::filesystem::path& home);
// All but torch.
Facts facts_here();

}  // namespace reprise
