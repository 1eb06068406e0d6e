#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "pomona/doctor.h"

namespace pomona {

/// Findings of one topic, in the order of reading. Each is part of Examine, which has the
/// rest of the contract.
std::vector<Finding> ExamineVersions();
std::vector<Finding> ExamineMachine();
std::vector<Finding> ExamineModels(const DoctorOptions& options);
std::vector<Finding> ExamineS3(const StorageOptions& storage);
std::vector<Finding> ExamineHdfs();

/// The speed test: a figure a precision, and findings that say them.
std::vector<Finding> ExamineSpeed(const DoctorOptions& options, std::vector<SpeedFigure>* speeds);

/// Those of the features that matter here that are in the text of /proc/cpuinfo, x86's or
/// Arm's: "avx2", "avx512f", "avx512_vnni", "avx512_bf16", "amx_bf16", "amx_int8", "neon".
std::vector<std::string> CpuFeatures(std::string_view cpuinfo);

}  // namespace pomona
