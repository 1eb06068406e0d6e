#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "cli/commands.h"
#include "pomona/base/environment.h"
#include "pomona/shown_text.h"
#include "pomona/version.h"

int main(int argc, char** argv) {
  using namespace pomona::cli;
  CLI::App app(
      "Pomona turns a folder or bucket of images into a table of features.\n\n"
      "  pomona demo fruits                      draw a small data set and extract it\n"
      "  pomona extract photos/ features/        one row an image: path, label, features\n"
      "  pomona extract s3://b/Test s3://b/out   the same, from and to S3",
      "pomona");
  app.set_version_flag("--version", std::string("pomona ") + pomona::kVersion);
  // As the last word on a command line counts elsewhere: a script's options can be overridden.
  app.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  app.require_subcommand(1);
  app.footer(
      "Data goes to stdout, talk to stderr. Exit codes: 0 done; 1 failed (extract: the same\n"
      "command continues); 2 refused, nothing done; 3 damaged data, or problems found; 4 too many\n"
      "images without features (extract --max-rejects); 130 interrupted.");
  Action action;
  AddExtractCommand(app, action);
  AddListCommand(app, action);
  AddPlanCommand(app, action);
  AddPcaCommand(app, action);
  AddVerifyCommand(app, action);
  AddModelCommand(app, action);
  AddDemoCommand(app, action);
  AddDoctorCommand(app, action);
  AddReferenceCommand(app, action);
  // Of Arrow's allocators the one whose memory a run of any length does not make grow; as fast as
  // Arrow's own choice, with a fifth less memory. A library leaves that to its process.
  if (pomona::FirstInEnvironment({"ARROW_DEFAULT_MEMORY_POOL"}).empty()) {
    ::setenv("ARROW_DEFAULT_MEMORY_POOL", "jemalloc", /*overwrite=*/1);
  }
  // A file over the size limit shall be an error of its write, as a full disk is, not our death.
  std::signal(SIGXFSZ, SIG_IGN);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& wanted) {
    return app.exit(wanted);
  } catch (const CLI::ParseError& error) {
    // CLI11 asks for a command where there is one that it does not know.
    const bool unknown = argc > 1 && argv[1][0] != '-' && app.get_subcommands().empty();
    const std::string message =
        unknown ? "there is no command " + std::string(argv[1]) : error.what();
    std::fprintf(stderr, "error: %s\nhint: pomona --help, or pomona COMMAND --help\n",
                 pomona::ShownMessage(message).c_str());
    return kRefused;
  }
  return action();
}
