#pragma once

#include <arrow/buffer.h>
#include <arrow/status.h>

#include <string>

namespace pomona {

/// What a whole file is, as far as its bytes tell, in words: "a feature table", "a classifier", "an
/// image", "text". Empty: not known. For messages to who named one file for another.
std::string FileKindOf(const arrow::Buffer& bytes);

/// `status`, which reading the file `uri` ended with: named, and where its bytes are not what was
/// wanted (kData) and it has no hint, with what they look like and `hint`, which says what to name.
arrow::Status NotWhatWasNamed(const arrow::Status& status, const std::string& uri,
                              const arrow::Buffer& bytes, const std::string& hint);

}  // namespace pomona
