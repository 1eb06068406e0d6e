#include <csignal>
#include <cstdlib>

#include "cli/command_line.h"
#include "cli/commands.h"
#include "pomona/base/environment.h"
#include "pomona/version.h"

int main(int argc, char** argv) {
  using namespace pomona::cli;
  CommandLine line(
      "Pomona turns a folder or bucket of images into a table of features.\n\n"
      "  pomona demo fruits                      draw a small data set and extract it\n"
      "  pomona extract photos/ features/        one row an image: path, label, features\n"
      "  pomona extract s3://b/Test s3://b/out   the same, from and to S3",
      "pomona", pomona::kVersion);
  Command all = line.root();
  all.Footer(
      "Data goes to stdout, talk to stderr. Exit codes: 0 done; 1 failed (extract: the same\n"
      "command continues); 2 refused, nothing done; 3 damaged data, or problems found; 4 too many\n"
      "images without features (extract --max-rejects); 130 interrupted.");
  AddExtractCommand(all);
  AddListCommand(all);
  AddPlanCommand(all);
  AddPcaCommand(all);
  AddSplitCommand(all);
  AddTrainCommand(all);
  AddEvaluateCommand(all);
  AddPredictCommand(all);
  AddExportCommand(all);
  AddLocateCommand(all);
  AddServeCommand(all);
  AddNeighborsCommand(all);
  AddDuplicatesCommand(all);
  AddIssuesCommand(all);
  AddSuggestCommand(all);
  AddMapCommand(all);
  AddReportCommand(all);
  AddAppCommand(all);
  AddVerifyCommand(all);
  AddModelCommand(all);
  AddDemoCommand(all);
  AddDoctorCommand(all);
  AddReferenceCommand(all);
  // Of Arrow's allocators the one whose memory a run of any length does not make grow; as fast as
  // Arrow's own choice, with a fifth less memory. A library leaves that to its process.
  if (pomona::FirstInEnvironment({"ARROW_DEFAULT_MEMORY_POOL"}).empty()) {
    ::setenv("ARROW_DEFAULT_MEMORY_POOL", "jemalloc", /*overwrite=*/1);
  }
  // A file over the size limit shall be an error of its write, as a full disk is, not our death.
  std::signal(SIGXFSZ, SIG_IGN);
  return line.Execute(argc, argv);
}
