#pragma once

#include <arrow/status.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "pomona/public.h"
#include "pomona/run.h"

namespace POMONA_PUBLIC pomona {

/// What an option is about. A surface takes whole groups: a listing takes the source, the stream
/// and the storage.
enum class OptionGroup { kSource, kStream, kStorage, kModel, kImages, kOutput, kResources };

/// "source", "stream", ...
std::string_view OptionGroupName(OptionGroup group);

/// Who takes an option. The command line is that of `pomona extract`, Spark's too.
enum OptionSurface : unsigned { kCommandLine = 1, kPython = 2, kSpark = 4 };

/// Text that names a file or a folder.
struct PathField {
  std::string* value;
};

/// A value that is written as text.
struct TextField {
  /// Invalid names the option.
  std::function<arrow::Status(const std::string&)> set;
  /// nullopt: nothing is set.
  std::function<std::optional<std::string>()> get;
};

/// Where the value of an option is kept. Durations are seconds wherever they are written.
using OptionField =
    std::variant<bool*, int*, int64_t*, double*, std::chrono::milliseconds*, std::string*,
                 std::vector<std::string>*, PathField, TextField, RejectLimit*>;

/// One option, for all surfaces: each takes the name, the words and the default from here.
struct Option {
  std::string_view name;  ///< "max_bytes"
  OptionGroup group;
  /// A sentence that reads well on every surface.
  std::string_view help;
  /// Its place in the options of a run, which outlive what is returned.
  OptionField (*field)(RunOptions&);
  /// A table is continued only with the value that it was begun with.
  bool changes_rows = false;
  /// Features themselves depend on it. `predict` takes it from the classifier, which learned from
  /// such.
  bool makes_features = false;
  std::string_view unit = {};       ///< "bytes", "seconds"; empty: a count, a name
  std::string_view otherwise = {};  ///< what holds if it is not given, where no value says that
  std::vector<std::string_view> choices = {};  ///< all that can be given; empty: anything
  unsigned surfaces = kCommandLine | kPython | kSpark;
  std::string_view own_flag = {};  ///< where the flag is not the name

  /// "--max-bytes"
  std::string flag() const;
  /// "flag", "integer", "number", "text", "path", "patterns" or "limit" (a count, or P%).
  std::string_view type() const;
  /// "256MiB": for people. Empty: nothing is set.
  std::string default_text() const;
};

/// All options of a run, in the order in which they are shown. Those of a listing, of an extractor
/// and of storage are among them.
std::span<const Option> RunOptionTable();

/// The table as a list of objects: name, flag, group, type, unit, default (null: nothing is set),
/// default_text, help, choices, surfaces, changes_rows, makes_features.
std::string RunOptionsJson();

/// nullptr: the table has no such option.
const Option* FindOption(std::string_view name);

/// Gets the name of an option and a value, which may be empty; gives what users would write.
using OptionSpelling = std::function<std::string(std::string_view name, std::string_view value)>;

/// Messages name an option as "option `overwrite`" or "option `precision=auto`", whoever reads
/// them: this is `message` in the spelling of one surface, just before it is shown there.
std::string SpellOptions(std::string_view message, const OptionSpelling& spell);

/// Sets a duration. Invalid names the option.
arrow::Status SetSeconds(const Option& option, double seconds, std::chrono::milliseconds* value);

}  // namespace pomona
