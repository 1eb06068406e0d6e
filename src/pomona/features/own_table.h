#pragma once

#include <arrow/filesystem/filesystem.h>
#include <arrow/status.h>

#include <memory>
#include <string>
#include <vector>

namespace pomona {

/// Checks a folder that is a table of Pomona's own: it is finished, and `files` are its parts,
/// all of them and nothing else, of the sizes that its manifest says; with `prove`, byte for byte,
/// which reads all of them once: Parquet has checksums of pages alone, not of what says how pages
/// are read. OK of any other folder. `uri` is for messages. Invalid: unfinished, or written by a
/// newer version. DamagedData. Memory: the manifest, and a piece of a file a thread.
arrow::Status CheckOwnTable(const std::shared_ptr<arrow::fs::FileSystem>& filesystem,
                            const std::string& folder, const std::string& uri,
                            const std::vector<arrow::fs::FileInfo>& files, bool prove, int threads);

}  // namespace pomona
