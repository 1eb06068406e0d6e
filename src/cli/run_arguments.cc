#include "cli/run_arguments.h"

#include "pomona/shown_text.h"

namespace pomona::cli {

void StorageArguments::AddTo(CLI::App& command) {
  const char* group = "Storage";
  command
      .add_option("--s3-endpoint", options_.s3_endpoint,
                  "URL of another S3 server (default: AWS_ENDPOINT_URL, else AWS)")
      ->group(group);
  command.add_option("--s3-region", options_.s3_region, "Region of the bucket (default: found)")
      ->group(group);
  command.add_flag("--s3-anonymous", options_.s3_anonymous, "Do not sign requests: public buckets")
      ->group(group);
  command
      .add_flag("--s3-requester-pays", options_.s3_requester_pays,
                "Pay for listing and reading: buckets whose readers do")
      ->group(group);
  command.add_option("--timeout", timeout_seconds_, "Seconds that one request may take")
      ->capture_default_str()
      ->check(CLI::Range(0.001, 86'400.0))
      ->group(group);
  command
      .add_option("--max-attempts", options_.max_attempts,
                  "Tries of a request that fails for a reason that may pass")
      ->capture_default_str()
      ->group(group);
}

StorageOptions StorageArguments::Resolve() const {
  StorageOptions options = options_;
  options.request_timeout =
      std::chrono::milliseconds(static_cast<int64_t>(timeout_seconds_ * 1000));
  return options;
}

void ListArguments::AddTo(CLI::App& command) {
  command
      .add_option("SOURCE", options_.source,
                  "Folder, file, or s3://bucket/prefix, hdfs://, gs://, abfs://")
      ->required();
  command
      .add_option("--glob", options_.globs,
                  "File name patterns, in any case, as *.{jpg,png}; repeatable")
      ->capture_default_str()
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->allow_extra_args(false);
  command
      .add_option("--label", options_.label,
                  "parent (folder name), none, or a regular expression searched in the URI")
      ->capture_default_str();
  storage_.AddTo(command);
}

ListOptions ListArguments::Resolve() const {
  ListOptions options = options_;
  options.storage = storage_.Resolve();
  return options;
}

void RunArguments::AddTo(CLI::App& command) {
  list_.AddTo(command);
  ExtractOptions& extract = options_.extract;
  command.add_option("OUTPUT", options_.output, "Folder or URI of the table")->required();

  const char* model = "Model";
  command.add_option("--model", extract.model, "Name in the catalogue, or a path")
      ->capture_default_str()
      ->group(model);
  command
      .add_option(
          "--features", extract.features,
          "Tensor to read (default: the input of the last dense layer, where that is clear)")
      ->group(model);
  command
      .add_option("--features-layout", extract.features_layout,
                  "NCHW or NHWC: which axis of that tensor holds the channels (default: the graph "
                  "tells)")
      ->group(model);
  command
      .add_option("--precision", precision_,
                  "f32 (same numbers everywhere), bf16, or auto (what the CPU does in hardware)")
      ->capture_default_str()
      ->group(model);
  command
      .add_option("--preprocess", extract.preprocess,
                  "Normalisation for a model without a card: keras-tf, keras-caffe, torch, lite, "
                  "none")
      ->group(model);

  const char* images = "Images";
  command.add_option("--resize", resize_, "bicubic, bilinear or nearest, exactly as Pillow")
      ->capture_default_str()
      ->group(images);
  command
      .add_option("--background", background_,
                  "Put transparent images on #rrggbb, white, black or grey (default: drop alpha)")
      ->group(images);
  command
      .add_flag("--exif-rotate", extract.image.exif_rotate, "Turn images as their EXIF data says")
      ->group(images);
  command.add_option("--max-pixels", extract.image.max_pixels, "Reject images with more")
      ->capture_default_str()
      ->group(images);
  command
      .add_option("--max-bytes", extract.image.max_bytes,
                  "Reject larger files, as 256MiB, before they are read")
      ->transform(CLI::AsSizeValue(false))
      ->default_str("256MiB")
      ->group(images);
  command
      .add_option("--max-image-seconds", extract.image.max_image_seconds,
                  "Reject images that take more CPU time")
      ->capture_default_str()
      ->group(images);
  command
      .add_option("--max-image-memory", extract.image.max_image_memory,
                  "Reject images that take more memory, as 1GiB")
      ->transform(CLI::AsSizeValue(false))
      ->default_str("1GiB")
      ->group(images);
  command
      .add_flag("--dct-scaling", extract.image.dct_scaling,
                "Shrink large JPEGs while decoding: faster, other pixels")
      ->group(images);

  const char* output = "Output";
  command
      .add_option("--rows-per-file", options_.rows_per_file, "Images per part, the unit of commit")
      ->capture_default_str()
      ->group(output);
  command.add_option("--features-as", features_as_, "array (list of float), or vector (Spark ML)")
      ->capture_default_str()
      ->group(output);
  command.add_option("--on-error", on_error_, "reject (record bad images, go on), or fail")
      ->capture_default_str()
      ->group(output);
  command
      .add_option("--max-rejects", max_rejects_,
                  "End with exit code 4 if more images have no features: N, or P% of all (default: "
                  "if none has)")
      ->group(output);
  command.add_flag("--overwrite", options_.overwrite, "Remove an earlier table, start anew")
      ->group(output);
  command
      .add_flag("--update", options_.update,
                "The source changed: extract new and changed images, drop deleted ones")
      ->group(output);

  const char* resources = "Resources";
  command.add_option("--threads", extract.threads, "Cores to use (default: all)")->group(resources);
  command
      .add_flag("--share-cores", share_cores_, "Do not bind threads to cores: others run here too")
      ->group(resources);
  command
      .add_option("--memory", extract.memory_bytes,
                  "Fetched bytes that may wait for a decoder, as 64MiB")
      ->transform(CLI::AsSizeValue(false))
      ->default_str("64MiB")
      ->group(resources);
  command
      .add_option("--fetches", extract.fetches, "Requests under way at once (default: by store)")
      ->group(resources);
  command
      .add_option("--cache", extract.cache_dir,
                  "Folder for compiled models (default: POMONA_CACHE, else the user's)")
      ->group(resources);
  command
      .add_option("--price-per-hour", options_.price_per_hour,
                  "Of this machine: reports the cost of a million images")
      ->group(resources);
}

arrow::Result<RunOptions> RunArguments::Parse() const {
  RunOptions options = options_;
  options.list = list_.Resolve();
  options.extract.storage = options.list.storage;
  options.extract.pin_threads = !share_cores_;
  ARROW_ASSIGN_OR_RAISE(options.extract.precision, ParsePrecision(precision_));
  ARROW_ASSIGN_OR_RAISE(options.extract.image.filter, ParseResizeFilter(resize_));
  ARROW_ASSIGN_OR_RAISE(options.features_as, ParseFeatureFormat(features_as_));
  if (!background_.empty()) {
    ARROW_ASSIGN_OR_RAISE(options.extract.image.background, ParseColour(background_));
  }
  if (on_error_ != "reject" && on_error_ != "fail") {
    return arrow::Status::Invalid("on-error must be reject or fail, got `", ShownText(on_error_),
                                  "`");
  }
  options.fail_on_reject = on_error_ == "fail";
  if (!max_rejects_.empty()) {
    ARROW_ASSIGN_OR_RAISE(options.max_rejects, RejectLimit::Parse(max_rejects_));
  }
  return options;
}

arrow::Result<RunOptions> RunArguments::Resolve() const {
  ARROW_ASSIGN_OR_RAISE(RunOptions options, Parse());
  ARROW_RETURN_NOT_OK(options.Validate());
  return options;
}

}  // namespace pomona::cli
