// SPDX-License-Identifier: Apache-2.0
#pragma once
// A format of checkpoints: how one is told from others, and how it is read. One file in
// harness/checkpoint/formats is one format. Readers give tensors and plain values in any order; names are
// sorted and checked, and paths put into messages, by read_checkpoint alone.
#include "harness/base/shelf.h"
#include "harness/checkpoint/checkpoint_file.h"
#include "harness/container/zip_archive.h"

namespace reprise {

// What lies at a path, as far as it tells the format.
struct Candidate {
  std::filesystem::path path;
  bool folder = false;
  Kept file{};                                     // of a file: its bytes
  std::shared_ptr<const ZipArchive> archive = {};  // of a file that is a zip archive
};

// How far a candidate looks like a format: `perhaps` where other files could look so too.
enum class Fit { no, perhaps, yes };

enum class Home { file, archive, folder };

struct CheckpointFormat {
  const char* name;     // for people: "PyTorch zip"
  const char* summary;  // one line: who writes it, and the names of its tensors
  Home home;
  const char* mark;                        // in an archive or a folder: what tells it, ".metadata"
  Fit (*fit)(const Candidate& candidate);  // looks at first bytes and names alone, and never throws
  CheckpointFile (*read)(const Candidate& candidate);  // Broken for what is not as the format wants it
  // Whose plain values its plain values are alike; "" for a format that has none.
  const char* values = "";
  // What has this form and is not a checkpoint; asked only where somebody wants to know whether it is one.
  bool (*is_other)(const Candidate& candidate) = nullptr;
};

Shelf<CheckpointFormat> checkpoint_formats_shelf();

}  // namespace reprise
