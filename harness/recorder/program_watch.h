// SPDX-License-Identifier: Apache-2.0
#pragma once
// Watches a program that uses LibTorch itself. No Python tells names there, and no C++ optimizer says that it
// steps, so both are read off the operators: a parameter is a leaf that requires a gradient and goes into an
// operator; a step is what writes parameters after a backward pass, and ends where the next forward or
// backward pass uses them. Optimizer state, buffers and batches are not seen.
#include <filesystem>

namespace reprise {

class Session;

// From here to the end of the process. Call it once, before main(). `session` is never freed.
void watch_program(Session& session, const std::filesystem::path& folder);

}  // namespace reprise
