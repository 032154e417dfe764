// SPDX-License-Identifier: Apache-2.0
#pragma once
// Names of threads, by which those of two runs are matched: which one calls first is chance, what it is
// called is not. Python hands over the names of its threads; others have what the operating system calls them
// ("pt_autograd_0").
#include <cstdint>
#include <string>

namespace reprise {

// Of the calling thread, from here on; an empty name forgets it.
void name_this_thread(std::string name);
// The same of another one, by its number in the operating system.
void name_thread(std::int64_t thread, std::string name);
// Of the calling thread; "main thread" for the one that began the process, "unnamed thread" for one that
// nobody named.
std::string name_of_this_thread();

}  // namespace reprise
