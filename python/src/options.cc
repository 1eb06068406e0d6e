#include "options.h"

#include <nanobind/stl/vector.h>

#include <chrono>
#include <utility>
#include <vector>

#include "raise.h"

namespace pomona::python {
namespace nb = nanobind;

Options::Options(std::string function, const nb::dict& values) : function_(std::move(function)) {
  values_ = nb::steal<nb::dict>(PyDict_Copy(values.ptr()));
}

nb::object Options::Pop(const char* name) { return values_.attr("pop")(name, nb::none()); }

void Options::WrongType(const char* name, const nb::object& given) const {
  const auto type = nb::cast<std::string>(given.type().attr("__name__"));
  throw nb::type_error((function_ + ": option `" + name + "` cannot be a " + type).c_str());
}

void Options::TakePath(const char* name, std::string* value) {
  const nb::object given = Pop(name);
  if (!given.is_none()) *value = PathOf(given);
}

void Options::Finish() const {
  for (const auto& [name, value] : values_) {
    throw nb::type_error(
        (function_ + ": there is no option `" + nb::cast<std::string>(name) + "`").c_str());
  }
}

std::string PathOf(const nb::object& path) {
  // Bytes that are no UTF-8 are in Python's strings as surrogates, which only this turns back.
  const nb::object raw = nb::module_::import_("os").attr("fsencode")(path);
  const auto bytes = nb::cast<nb::bytes>(raw);
  return std::string(static_cast<const char*>(bytes.data()), bytes.size());
}

void TakeListOptions(Options& given, ListOptions* options) {
  if (const nb::object glob = given.Pop("glob"); nb::isinstance<nb::str>(glob)) {
    options->globs = {nb::cast<std::string>(glob)};
  } else if (!glob.is_none() && !nb::try_cast(glob, options->globs)) {
    given.WrongType("glob", glob);
  }
  given.Take("label", &options->label);
  given.Take("batch_rows", &options->batch_rows);
}

void TakeExtractOptions(Options& given, ExtractOptions* options) {
  std::string precision, resize, background;
  given.TakePath("model", &options->model);
  given.Take("features", &options->features);
  given.Take("features_layout", &options->features_layout);
  given.Take("precision", &precision);
  given.Take("preprocess", &options->preprocess);
  given.Take("resize", &resize);
  given.Take("background", &background);
  given.Take("exif_rotate", &options->image.exif_rotate);
  given.Take("dct_scaling", &options->image.dct_scaling);
  given.Take("max_pixels", &options->image.max_pixels);
  given.Take("threads", &options->threads);
  given.Take("memory", &options->memory_bytes);
  given.Take("fetches", &options->fetches);
  bool share_cores = !options->pin_threads;
  given.Take("share_cores", &share_cores);
  options->pin_threads = !share_cores;
  given.TakePath("cache_dir", &options->cache_dir);
  if (!precision.empty()) options->precision = ValueOrRaise(ParsePrecision(precision));
  if (!resize.empty()) options->image.filter = ValueOrRaise(ParseResizeFilter(resize));
  if (!background.empty()) options->image.background = ValueOrRaise(ParseColour(background));
}

void TakeStorageOptions(Options& given, StorageOptions* options) {
  const nb::object values = given.Pop("storage");
  if (values.is_none()) return;
  if (!nb::isinstance<nb::dict>(values)) given.WrongType("storage", values);
  Options storage("storage", nb::borrow<nb::dict>(values));
  storage.Take("s3_endpoint", &options->s3_endpoint);
  storage.Take("s3_region", &options->s3_region);
  storage.Take("s3_access_key", &options->s3_access_key);
  storage.Take("s3_secret_key", &options->s3_secret_key);
  storage.Take("s3_session_token", &options->s3_session_token);
  storage.Take("s3_anonymous", &options->s3_anonymous);
  double seconds = std::chrono::duration<double>(options->request_timeout).count();
  storage.Take("timeout", &seconds);
  options->request_timeout = std::chrono::milliseconds(static_cast<int64_t>(seconds * 1000));
  storage.Take("max_attempts", &options->max_attempts);
  storage.Finish();
}

}  // namespace pomona::python
