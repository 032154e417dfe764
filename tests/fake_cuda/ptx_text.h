// SPDX-License-Identifier: Apache-2.0
#pragma once
// PTX as text: comments taken out, split into kernels and their statements. What the words mean is decided in
// ptx_parse.cpp and ptx_decode.cpp.
#include <string>
#include <string_view>
#include <vector>

namespace reprise::fake_cuda {

struct EntryText {
  std::string name;
  std::vector<std::string> parameters;  // ".param .u64 x"
  std::vector<std::string> directives;  // ".maxntid 256"
  std::vector<std::string> statements;  // without `;`; a label keeps its `:`
};

struct ModuleText {
  std::string target;
  std::vector<EntryText> entries;
};

ModuleText split_ptx(const std::string& text);

std::string trimmed(std::string_view text);
// Words between blanks.
std::vector<std::string> words_of(std::string_view text);
// Parts between commas that stand outside of braces and brackets, trimmed.
std::vector<std::string> list_of(std::string_view text);

}  // namespace reprise::fake_cuda
