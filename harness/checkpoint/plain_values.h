// SPDX-License-Identifier: Apache-2.0
#pragma once
// Plain values beside the tensors of a checkpoint: numbers, texts, truth values, bytes and None, each as the
// text that Python would show. Equal values have equal texts. Long texts and bytes are cut, and say their
// length and digest, so that they can still be told apart.
#include <string>
#include <string_view>

#include "harness/checkpoint/checkpoint_file.h"

namespace reprise {

// Keeps a value under its name. Past 256 MiB of names and texts it is only counted.
void keep_plain(CheckpointFile& found, std::string_view name, std::string text);

// "0.1", "3.0": the shortest decimal number that is this one, as number_text of base/text.h is of a double.
std::string float_text(float number);
// "'Adam'", "b'\x00'".
std::string text_in_quotes(std::string_view text);
std::string bytes_in_quotes(Bytes bytes);
// One element of an element type; bytes, where the type has no short text.
std::string element_text(std::string_view dtype, Bytes element);

}  // namespace reprise
