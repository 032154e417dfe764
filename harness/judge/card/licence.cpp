// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/card/licence.h"

#include <algorithm>
#include <cctype>
#include <set>

namespace reprise {

namespace {

using Ids = std::set<std::string, std::less<>>;

Ids ids_in(std::string_view text) {
  const auto parts = split(text, ' ');
  return {parts.begin(), parts.end()};
}

// It is open and on no list of SPDX in the version that the tool holds.
constexpr std::string_view openmdw = "OpenMDW-1.0";

// ODC-PDDL-1.0 is how the tool spells PDDL-1.0; it is no SPDX identifier.
constexpr const char* open_data =
    "CC0-1.0 CDLA-Permissive-1.0 CDLA-Permissive-2.0 CDLA-Sharing-1.0 ODC-By-1.0 ODbL-1.0 ODC-PDDL-1.0 "
    "CC-BY-1.0 CC-BY-2.0 CC-BY-2.5 CC-BY-2.5-AU CC-BY-3.0 CC-BY-3.0-AT CC-BY-3.0-AU CC-BY-3.0-DE "
    "CC-BY-3.0-IGO CC-BY-3.0-NL CC-BY-3.0-US CC-BY-4.0 CC-BY-SA-1.0 CC-BY-SA-2.0 CC-BY-SA-2.0-UK "
    "CC-BY-SA-2.1-JP CC-BY-SA-2.5 CC-BY-SA-3.0 CC-BY-SA-3.0-AT CC-BY-SA-4.0 GFDL-1.3 OGL-Canada-2.0 "
    "OGL-UK-2.0 OGL-UK-3.0";

constexpr const char* for_code =
    "0BSD AFL-1.1 AFL-1.2 AFL-2.0 AFL-2.1 AFL-3.0 Apache-1.0 Apache-1.1 Apache-2.0 ECL-1.0 ECL-2.0 ISC MIT "
    "MIT-0 MulanPSL-1.0 MulanPSL-2.0 NCSA UPL-1.0 OpenMDW-1.0";
constexpr const char* for_data =
    "CDLA-Permissive-1.0 CDLA-Permissive-2.0 C-UDA-1.0 CC-PDDC CC0-1.0 PDDL-1.0 OpenMDW-1.0";
constexpr const char* for_documents =
    "Apache-2.0 CC-BY-4.0 CC-BY-SA-3.0 CC-BY-SA-4.0 FreeBSD-DOC CC-PDDC CC0-1.0 OpenMDW-1.0";

const Ids& open_ids() {
  static const Ids ids = ids_in(spdx_open);
  return ids;
}

const Ids& other_ids() {
  static const Ids ids = ids_in(spdx_other);
  return ids;
}

}  // namespace

bool is_spdx(std::string_view licence) {
  return licence == openmdw || open_ids().contains(licence) || other_ids().contains(licence);
}

bool is_open(std::string_view licence) {
  static const Ids data = ids_in(open_data);
  return licence == openmdw || open_ids().contains(licence) || data.contains(licence);
}

bool is_preferred(std::string_view licence, Content content) {
  static const Ids code = ids_in(for_code), data = ids_in(for_data), documents = ids_in(for_documents);
  const Ids& ids = content == Content::code ? code : content == Content::data ? data : documents;
  return ids.contains(licence);
}

std::string nearest_spdx(std::string_view licence) {
  std::vector<std::string> all(open_ids().begin(), open_ids().end());
  all.insert(all.end(), other_ids().begin(), other_ids().end());
  all.emplace_back(openmdw);
  const std::string lower = replace_all(std::string(licence), " ", "-");
  const auto same = std::ranges::find_if(all, [&](const std::string& id) {
    return std::ranges::equal(
        id, lower, [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
  });
  return same != all.end() ? *same : nearest(licence, all).value_or("");
}

}  // namespace reprise
