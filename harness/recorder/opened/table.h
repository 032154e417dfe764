// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which paths this process has noted, and as what. A forked child goes on with what its parent noted.

namespace opened {

constexpr unsigned read_kind = 1, write_kind = 2, list_kind = 4;

enum class Noted { first, more, known, full };

// Whether all of these kinds are noted of the path.
bool is_known(const char* path, unsigned kinds);
// Notes one kind; says whether it is the path's first.
Noted remember(const char* path, unsigned kind);

}  // namespace opened
