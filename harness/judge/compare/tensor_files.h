// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where two checkpoints, of whatever formats, agree and where they part: by the names and values of their
// tensors, never by the bytes of their files.
#include <string>
#include <vector>

#include "harness/checkpoint/checkpoint_file.h"
#include "harness/judge/compare/diff.h"

namespace reprise {

// A prefix of names of the first checkpoint, and what stands for it in the second. Either may be empty.
struct Rename {
  std::string from, to;
};
// "model.=": OLD=NEW as a person types it.
Rename rename_of(std::string_view text);
std::vector<Rename> renames_of(const std::vector<std::string>& texts);
// The name after the first rename that fits it.
std::string renamed(const std::string& name, const std::vector<Rename>& renames);

struct FormDifference {
  std::string name;
  std::string left, right;  // "F32[4, 6]"
};

struct TensorFileDiff {
  std::vector<std::string> only_left, only_right;
  std::vector<FormDifference> other_form;  // another dtype or shape under one name
  std::vector<TensorDistance> differing;   // other bits under one name, dtype and shape
  std::size_t equal = 0;
  bool same() const {
    return only_left.empty() && only_right.empty() && other_form.empty() && differing.empty();
  }
};

// The first rename that fits a name is done. An Error if two names become one, or if a rename fits no name.
TensorFileDiff compare(CheckpointFile left, const CheckpointFile& right, const std::vector<Rename>& renames);

// "F32[4, 6]"
std::string form_of(const FileTensor& tensor);

}  // namespace reprise
