#include <fmt/format.h>

#include "pomona/options.h"
#include "pomona/shown_text.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;
using enum OptionGroup;

/// Of values that have a name each.
template <typename T>
OptionField Named(T* value, Result<T> (*parse)(std::string_view), std::string_view (*name)(T)) {
  return TextField{[=](const std::string& text) { return parse(text).Value(value); },
                   [=] { return std::string(name(*value)); }};
}

OptionField Background(std::optional<std::array<uint8_t, 3>>* colour) {
  const auto set = [colour](const std::string& text) {
    colour->reset();
    if (text.empty()) return Status::OK();
    ARROW_ASSIGN_OR_RAISE(*colour, ParseColour(text));
    return Status::OK();
  };
  const auto get = [colour]() -> std::optional<std::string> {
    if (!*colour) return std::nullopt;
    return fmt::format("#{:02x}{:02x}{:02x}", (**colour)[0], (**colour)[1], (**colour)[2]);
  };
  return TextField{set, get};
}

/// The same where nothing may be set. `Name`: T, or a reference to it.
template <typename T, typename Text, typename Name>
OptionField Named(std::optional<T>* value, Result<T> (*parse)(std::string_view),
                  Text (*name)(Name)) {
  const auto set = [=](const std::string& text) {
    ARROW_ASSIGN_OR_RAISE(*value, parse(text));
    return Status::OK();
  };
  const auto get = [=]() -> std::optional<std::string> {
    if (!*value) return std::nullopt;
    return std::string(name(**value));
  };
  return TextField{set, get};
}

OptionField OnError(bool* fail) {
  const auto set = [fail](const std::string& text) {
    if (text != "reject" && text != "fail") {
      return Status::Invalid("option `on_error` must be reject or fail, got `", ShownText(text),
                             "`");
    }
    *fail = text == "fail";
    return Status::OK();
  };
  return TextField{set, [fail] { return *fail ? "fail" : "reject"; }};
}

constexpr unsigned kStreams = kPython | kSpark;
constexpr unsigned kRuns = kCommandLine | kPython;

const std::vector<Option>& Table() {
  static const std::vector<Option> table = {
      {.name = "glob",
       .group = kSource,
       .help = "Images are files whose names match one of these patterns (*, ?, [abc], {a,b}), in "
               "any case.",
       .field = [](RunOptions& run) -> OptionField { return &run.list.globs; },
       .changes_rows = true},
      {.name = "label",
       .group = kSource,
       .help = "An image's label is parent (the name of its folder), none, or what this regular "
               "expression finds in the URI: its first group, or all of the match.",
       .field = [](RunOptions& run) -> OptionField { return &run.list.label; },
       .changes_rows = true},
      {.name = "batch_rows",
       .group = kStream,
       .help = "A batch of the stream has so many rows at most.",
       .field = [](RunOptions& run) -> OptionField { return &run.list.batch_rows; },
       .surfaces = kStreams},

      {.name = "s3_endpoint",
       .group = kStorage,
       .help = "Another S3 server has this URL.",
       .field = [](RunOptions& run) -> OptionField { return &run.extract.storage.s3_endpoint; },
       .otherwise = "AWS_ENDPOINT_URL, else AWS"},
      {.name = "s3_region",
       .group = kStorage,
       .help = "The bucket is in this region.",
       .field = [](RunOptions& run) -> OptionField { return &run.extract.storage.s3_region; },
       .otherwise = "AWS_REGION, the profile, or what the bucket says"},
      {.name = "s3_access_key",
       .group = kStorage,
       .help = "Requests are signed with this key, which is never logged and never written.",
       .field = [](RunOptions& run) -> OptionField { return &run.extract.storage.s3_access_key; },
       .otherwise = "the SDK's chain finds one",
       .surfaces = kStreams},
      {.name = "s3_secret_key",
       .group = kStorage,
       .help = "The access key has this secret.",
       .field = [](RunOptions& run) -> OptionField { return &run.extract.storage.s3_secret_key; },
       .otherwise = "the SDK's chain finds one",
       .surfaces = kStreams},
      {.name = "s3_session_token",
       .group = kStorage,
       .help = "A temporary access key has this token.",
       .field = [](RunOptions& run) -> OptionField {
         return &run.extract.storage.s3_session_token;
       },
       .otherwise = "none",
       .surfaces = kStreams},
      {.name = "s3_anonymous",
       .group = kStorage,
       .help = "Requests are not signed, as public buckets allow.",
       .field = [](RunOptions& run) -> OptionField { return &run.extract.storage.s3_anonymous; }},
      {.name = "s3_requester_pays",
       .group = kStorage,
       .help = "Who asks pays for listing and reading, as some buckets demand.",
       .field = [](RunOptions& run) -> OptionField {
         return &run.extract.storage.s3_requester_pays;
       }},
      {.name = "timeout",
       .group = kStorage,
       .help = "One request may take so many seconds.",
       .field = [](RunOptions& run) -> OptionField { return &run.extract.storage.request_timeout; },
       .unit = "seconds"},
      {.name = "max_attempts",
       .group = kStorage,
       .help = "A request that fails for a reason that may pass is tried so many times.",
       .field = [](RunOptions& run) -> OptionField { return &run.extract.storage.max_attempts; }},

      {.name = "model",
       .group = kModel,
       .help = "The network has this name in the catalogue, or this path.",
       .field = [](RunOptions& run) -> OptionField { return PathField{&run.extract.model}; },
       .changes_rows = true,
       .makes_features = true},
      {.name = "preset",
       .group = kModel,
       .help = "What the other options are that are not given: same (f32, the network's own size), "
               "fast (the fastest precision whose answers hold, and images no larger than the "
               "source's justify), rich (features=levels, views=dihedral: better answers).",
       .field = [](RunOptions& run) -> OptionField {
         return Named(&run.extract.preset, ParsePreset, PresetName);
       },
       .changes_rows = true,
       .makes_features = true,
       .choices = {"same", "fast", "rich"}},
      {.name = "features",
       .group = kModel,
       .help = "Features are read from these tensors (names with commas between), from the last "
               "layer before the classes (last), or from maps of several sizes and the last layer "
               "(levels).",
       .field = [](RunOptions& run) -> OptionField { return &run.extract.features; },
       .changes_rows = true,
       .makes_features = true,
       .otherwise = "the preset's, or last: the card's, else the input of the last dense layer, "
                    "where that is clear"},
      {.name = "pool",
       .group = kModel,
       .help =
           "Of a tensor that is a map of pixels, features have the mean of each channel (mean), "
           "or the means and the standard deviations (mean+std).",
       .field = [](RunOptions& run) { return Named(&run.extract.pool, ParsePooling, PoolingName); },
       .changes_rows = true,
       .makes_features = true,
       .otherwise = "mean, and mean+std of levels",
       .choices = {"mean", "mean+std"}},
      {.name = "features_layout",
       .group = kModel,
       .help = "A tensor that is a map of pixels holds its channels in the axis that NCHW or NHWC "
               "says.",
       .field = [](RunOptions& run) -> OptionField { return &run.extract.features_layout; },
       .changes_rows = true,
       .makes_features = true,
       .otherwise = "the graph tells, or the model is refused",
       .choices = {"NCHW", "NHWC"}},
      {.name = "input_size",
       .group = kModel,
       .help = "The network gets square images of so many pixels a side: time grows with their "
               "square. For networks of convolutions and pooling.",
       .field = [](RunOptions& run) -> OptionField { return &run.extract.input_size; },
       .changes_rows = true,
       .makes_features = true,
       .unit = "pixels",
       .otherwise = "the network's own size, or the preset's"},
      {.name = "precision",
       .group = kModel,
       .help =
           "The network computes in f32 (the same numbers everywhere), bf16, auto (bf16 where the "
           "CPU does it in hardware, else f32), or int8 (other numbers with about the same "
           "answers, for models that have an int8 file).",
       .field = [](RunOptions& run) -> OptionField {
         return Named(&run.extract.precision, ParsePrecision, PrecisionName);
       },
       .changes_rows = true,
       .makes_features = true,
       .otherwise = "f32, or the preset's",
       .choices = {"f32", "bf16", "auto", "int8"}},
      {.name = "views",
       .group = kModel,
       .help =
           "Each image is also looked at turned and mirrored, as these names with commas between "
           "say (rot90, rot180, rot270, mirror, mirror-rot90, mirror-rot180, mirror-rot270; "
           "dihedral is all, none none): these features are one more column, views. Costs the "
           "network's time once for each.",
       .field = [](RunOptions& run) { return Named(&run.extract.views, ParseViews, ViewNames); },
       .changes_rows = true,
       .makes_features = true,
       .otherwise = "none, or the preset's"},
      {.name = "views_average",
       .group = kModel,
       .help = "The features of an image are the mean over it and its views, which have no column "
               "then.",
       .field = [](RunOptions& run) -> OptionField { return &run.extract.views_average; },
       .changes_rows = true,
       .makes_features = true},
      {.name = "preprocess",
       .group = kModel,
       .help = "Pixels are normalised this way, whatever the model's card says: keras-tf, "
               "keras-caffe, torch, lite or none.",
       .field = [](RunOptions& run) -> OptionField { return &run.extract.preprocess; },
       .changes_rows = true,
       .makes_features = true,
       .otherwise = "the card's",
       .choices = {"keras-tf", "keras-caffe", "torch", "lite", "none"}},

      {.name = "resize",
       .group = kImages,
       .help = "Images are resized bicubic, bilinear or nearest, exactly as by Pillow.",
       .field = [](RunOptions& run) -> OptionField {
         return Named(&run.extract.image.filter, ParseResizeFilter, ResizeFilterName);
       },
       .changes_rows = true,
       .makes_features = true,
       .choices = {"bicubic", "bilinear", "nearest"}},
      {.name = "background",
       .group = kImages,
       .help = "Transparent images are put on #rrggbb, white, black or grey.",
       .field = [](RunOptions& run) { return Background(&run.extract.image.background); },
       .changes_rows = true,
       .makes_features = true,
       .otherwise = "alpha is dropped"},
      {.name = "exif_rotate",
       .group = kImages,
       .help = "Images are turned as their EXIF data says.",
       .field = [](RunOptions& run) -> OptionField { return &run.extract.image.exif_rotate; },
       .changes_rows = true,
       .makes_features = true},
      {.name = "dct_scaling",
       .group = kImages,
       .help = "Large JPEGs are shrunk while they are decoded: faster, other pixels.",
       .field = [](RunOptions& run) -> OptionField { return &run.extract.image.dct_scaling; },
       .changes_rows = true,
       .makes_features = true},
      {.name = "max_pixels",
       .group = kImages,
       .help = "Images with more pixels are rejects.",
       .field = [](RunOptions& run) -> OptionField { return &run.extract.image.max_pixels; },
       .changes_rows = true},
      {.name = "max_bytes",
       .group = kImages,
       .help = "Larger files are rejects, and are not read.",
       .field = [](RunOptions& run) -> OptionField { return &run.extract.image.max_bytes; },
       .changes_rows = true,
       .unit = "bytes"},
      {.name = "max_image_seconds",
       .group = kImages,
       .help = "Images that take more CPU time are rejects.",
       .field = [](RunOptions& run) -> OptionField { return &run.extract.image.max_image_seconds; },
       .unit = "seconds"},
      {.name = "max_image_memory",
       .group = kImages,
       .help = "Images that take more memory are rejects.",
       .field = [](RunOptions& run) -> OptionField { return &run.extract.image.max_image_memory; },
       .unit = "bytes"},

      {.name = "rows_per_file",
       .group = kOutput,
       .help = "A part, which is the unit of commit, has so many images.",
       .field = [](RunOptions& run) -> OptionField { return &run.rows_per_file; },
       .changes_rows = true,
       .surfaces = kRuns},
      {.name = "features_as",
       .group = kOutput,
       .help = "Features are stored as array (list of float), or vector (Spark ML); those of views "
               "as array.",
       .field = [](RunOptions& run) -> OptionField {
         return Named(&run.features_as, ParseFeatureFormat, FeatureFormatName);
       },
       .changes_rows = true,
       .choices = {"array", "vector"}},
      {.name = "on_error",
       .group = kOutput,
       .help =
           "A bad image is a reject, which is recorded while the run goes on, or makes it fail.",
       .field = [](RunOptions& run) { return OnError(&run.fail_on_reject); },
       .choices = {"reject", "fail"}},
      {.name = "max_rejects",
       .group = kOutput,
       .help = "The run ends with an error of its own if more images have no features: N, or P% of "
               "all.",
       .field = [](RunOptions& run) -> OptionField { return &run.max_rejects; },
       .otherwise = "if none has"},
      {.name = "overwrite",
       .group = kOutput,
       .help = "An earlier table is removed, and the run starts anew.",
       .field = [](RunOptions& run) -> OptionField { return &run.overwrite; }},
      {.name = "update",
       .group = kOutput,
       .help =
           "The source has changed: new and changed images are extracted, deleted ones dropped.",
       .field = [](RunOptions& run) -> OptionField { return &run.update; },
       .surfaces = kRuns},
      {.name = "repair",
       .group = kOutput,
       .help = "All of the table is read first, and parts that are damaged are computed again.",
       .field = [](RunOptions& run) -> OptionField { return &run.repair; },
       .surfaces = kRuns},
      {.name = "price_per_hour",
       .group = kOutput,
       .help = "This machine costs so much an hour: the report says what a million images cost.",
       .field = [](RunOptions& run) -> OptionField { return &run.price_per_hour; },
       .otherwise = "not known",
       .surfaces = kRuns},

      {.name = "threads",
       .group = kResources,
       .help = "So many cores compute.",
       .field = [](RunOptions& run) -> OptionField { return &run.extract.threads; },
       .otherwise = "all that the process may use"},
      {.name = "share_cores",
       .group = kResources,
       .help = "Threads are not bound to cores, as others compute here too.",
       .field = [](RunOptions& run) -> OptionField { return &run.extract.share_cores; }},
      {.name = "memory",
       .group = kResources,
       .help = "So many fetched bytes may wait for a decoder.",
       .field = [](RunOptions& run) -> OptionField { return &run.extract.memory_bytes; },
       .unit = "bytes"},
      {.name = "fetches",
       .group = kResources,
       .help = "So many requests are under way at once.",
       .field = [](RunOptions& run) -> OptionField { return &run.extract.fetches; },
       .otherwise = "64"},
      {.name = "cache_dir",
       .group = kResources,
       .help = "Compiled models are kept in this folder.",
       .field = [](RunOptions& run) -> OptionField { return PathField{&run.extract.cache_dir}; },
       .otherwise = "POMONA_CACHE, else the user's",
       .own_flag = "--cache"},
  };
  return table;
}

}  // namespace

std::span<const Option> RunOptionTable() { return Table(); }

}  // namespace pomona
