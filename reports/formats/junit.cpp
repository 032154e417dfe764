// SPDX-License-Identifier: Apache-2.0
// For a continuous-integration server: one test case per factor and per run that is untested.
#include "harness/base/error.h"
#include "reports/format.h"
#include "reports/names.h"

namespace reprise::formats {
namespace {

bool skipped(const UntestedRun& run) { return run.kind == "skipped"; }

}  // namespace

extern const Format junit{
    .summary = "JUnit XML, for a continuous-integration server",
    .extension = "xml",
    .render =
        [](const Report& report, std::ostream& out) {
          std::size_t failures = 0, errors = 0, skips = 0;
          for (const auto& factor : report.factors) {
            failures += factor.mood == Mood::bad ? 1 : 0;
            skips += factor.mood == Mood::neutral ? 1 : 0;
          }
          for (const auto& run : report.untested) ++(skipped(run) ? skips : errors);
          const bool bare = report.factors.empty() && report.untested.empty();
          if (bare && report.exit_code != 0) ++failures;
          const std::size_t tests = report.factors.size() + report.untested.size() + (bare ? 1 : 0);
          out << "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
              << fmt::format(
                     "<testsuites name=\"reprise\">\n<testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" "
                     "errors=\"{}\" skipped=\"{}\">\n",
                     escaped(report.recipe), tests, failures, errors, skips);
          if (bare)
            out << fmt::format(
                "<testcase classname=\"{}\" name=\"equal traces\">{}</testcase>\n", escaped(report.recipe),
                report.exit_code == 0 ? "" : "<failure message=\"" + escaped(report.headline) + "\"/>");
          for (const auto& factor : report.factors) {
            out << fmt::format("<testcase classname=\"{}\" name=\"{} owes {}\">", escaped(report.recipe),
                               escaped(factor.name), escaped(factor.owes));
            if (factor.mood == Mood::bad)
              out << fmt::format("<failure message=\"{}\">{}</failure>", escaped(factor.verdict),
                                 escaped(factor.found));
            if (factor.mood == Mood::neutral)
              out << fmt::format("<skipped message=\"{}\"/>", escaped(factor.found));
            out << "</testcase>\n";
          }
          for (const auto& run : report.untested) {
            out << fmt::format("<testcase classname=\"{}\" name=\"run {}\">", escaped(report.recipe),
                               escaped(run.configuration));
            out << fmt::format("<{} message=\"{}\"/>", skipped(run) ? "skipped" : "error",
                               escaped(run.reason));
            out << "</testcase>\n";
          }
          out << "</testsuite>\n</testsuites>\n";
        },
};

}  // namespace reprise::formats
