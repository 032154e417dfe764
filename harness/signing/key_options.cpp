// SPDX-License-Identifier: Apache-2.0
#include "harness/signing/key_options.h"

namespace reprise {

void add_key_options(CommandOptions& app, KeyPlace& place) {
  app.add_option("--key", place.file, "The file with the secret key: P-256, PEM, readable by its owner alone")
      ->type_name("FILE");
  app.add_option("--key-env", place.variable,
                 "Instead: the environment variable that holds the key's PEM text")
      ->type_name("NAME");
  app.add_option("--passphrase-env", place.passphrase_variable,
                 "The environment variable with the passphrase of an encrypted key")
      ->type_name("NAME")
      ->capture_default_str();
}

}  // namespace reprise
