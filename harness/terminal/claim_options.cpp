// SPDX-License-Identifier: Apache-2.0
#include "harness/terminal/claim_options.h"

#include <iostream>

#include "harness/options/word_checks.h"

namespace reprise {

void add_typed_metric(CommandOptions& app, TypedClaim& typed) {
  app.add_option("--metric", typed.metric,
                 "The metric's name and, for a script, a pattern with one group around the "
                 "number, 'val=val loss ([0-9.]+)', in what it prints or in --file")
      ->type_name("NAME[=PATTERN]");
  app.add_option(
         "--file", typed.file,
         "The file that the run leaves and that holds the metric: JSON, CSV, a TensorBoard event file "
         "('{out}/*tfevents*') or a text")
      ->type_name("FILE");
  app.add_option("--key", typed.key,
                 "Where in that file: a key of JSON, a column of CSV, a tag of TensorBoard")
      ->type_name("KEY");
  app.add_option("--take", typed.take,
                 "Which of the values of one run: last, first, min, max, mean or median")
      ->type_name("WHICH")
      ->capture_default_str();
  app.add_option("--margin", typed.margin, "How far ours may be off, in the metric's unit")
      ->type_name("NUMBER");
  app.add_option("--better", typed.better, "higher or lower")->type_name("WHICH");
  app.add_option("--unit", typed.unit, "The metric's unit, for people")->type_name("UNIT");
}

void tell_preparation(const std::string& words) { std::cerr << "reprise: " << words << '\n'; }

void add_typed_claim(CommandOptions& app, TypedClaim& typed) {
  add_typed_metric(app, typed);
  app.add_option("--value", typed.value, "The published value")->type_name("NUMBER");
  app.add_option("--margin-reason", typed.reason, "Why that far")->type_name("TEXT");
  app.add_option("--spread", typed.spread, "What was published of the spread over seeds")
      ->type_name("NUMBER");
  app.add_option("--spread-kind", typed.spread_kind, "SD, SE, CI95, range or unknown")->type_name("KIND");
  app.add_option("--n-seeds", typed.n_seeds, "Runs that the published value is of")
      ->type_name("N")
      ->check(number_between(1, 1e6));
  app.add_option("--statistic", typed.statistic,
                 "Over runs: mean, median or best-seed; by default their mean")
      ->type_name("WHICH");
}

}  // namespace reprise
