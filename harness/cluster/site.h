// SPDX-License-Identifier: Apache-2.0
#pragma once
// The kinds of machine that a site has, in a TOML of its own: what each is called, which device a run uses
// there, and how Slurm, Kubernetes, GitHub and GitLab are asked for one. `--axis device=h100,a100` then means
// kinds, where plain devices would be values of the pin.
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace reprise {

struct NodeKind {
  std::string device = "cpu";                     // the pin, on such a machine
  std::string slurm;                              // "partition=gpu gres=gpu:h100:1 constraint=sm90"
  std::map<std::string, std::string> kubernetes;  // labels of its nodes
  std::map<std::string, std::string> limits;      // what a pod there gets: nvidia.com/gpu -> 1
  std::vector<std::string> github, gitlab;        // labels and tags of its runners
};

struct Site {
  std::string slurm;  // for every kind; a kind's own options are added and win
  std::map<std::string, NodeKind> kinds;

  // Kind -> device, as expand() takes them.
  std::map<std::string, std::string> devices() const;
};

// An Error with the line for what is unknown or missing.
Site read_site(const std::filesystem::path& file);
Site site_from_toml(std::string_view text, std::string_view where);

// An Error for a kind that the site does not have; with no site at all for any but "".
const NodeKind& pick_kind(const Site& site, const std::string& kind);

}  // namespace reprise
