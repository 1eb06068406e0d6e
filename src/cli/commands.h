#pragma once

#include "cli/command_line.h"

namespace pomona::cli {

/// Each adds its command to `all`.
void AddExtractCommand(Command all);
void AddListCommand(Command all);
void AddPlanCommand(Command all);
void AddPcaCommand(Command all);
void AddSplitCommand(Command all);
void AddTrainCommand(Command all);
void AddEvaluateCommand(Command all);
void AddPredictCommand(Command all);
void AddExportCommand(Command all);
void AddLocateCommand(Command all);
void AddServeCommand(Command all);
void AddNeighborsCommand(Command all);
void AddDuplicatesCommand(Command all);
void AddIssuesCommand(Command all);
void AddSuggestCommand(Command all);
void AddMapCommand(Command all);
void AddReportCommand(Command all);
void AddAppCommand(Command all);
void AddVerifyCommand(Command all);
void AddModelCommand(Command all);
void AddDemoCommand(Command all);
void AddDoctorCommand(Command all);
void AddReferenceCommand(Command all);

}  // namespace pomona::cli
