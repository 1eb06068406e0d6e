#include "pomona/storage/s3/settings.h"

#include <sstream>
#include <string_view>

#include "pomona/base/environment.h"
#include "pomona/base/file_text.h"
#include "pomona/shown_text.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

std::string_view Trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r";
  const size_t begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

std::string ReadConfigFile() {
  std::string path = FirstInEnvironment({"AWS_CONFIG_FILE"});
  if (path.empty()) path = InHome("/.aws/config");
  return FileText(path).ValueOr("");
}

Result<std::string> CheckedEndpoint(std::string endpoint) {
  while (endpoint.ends_with('/')) endpoint.pop_back();
  const size_t scheme = endpoint.find("://");
  if (scheme == std::string::npos ||
      (!endpoint.starts_with("http://") && !endpoint.starts_with("https://")) ||
      endpoint.size() == scheme + 3) {
    return Status::Invalid("S3 endpoint: not a URL: ", ShownUri(endpoint),
                           "\nhint: http://host:port or https://host");
  }
  // It becomes a Host header, and credentials in a URL would end up in messages.
  if (endpoint.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                 "-._:[]",
                                 scheme + 3) != std::string::npos) {
    return Status::Invalid("S3 endpoint: more than a host and a port",
                           "\nhint: http://host:port or https://host");
  }
  return endpoint;
}

}  // namespace

std::string AwsConfigValue(const std::string& text, const std::string& profile,
                           const std::string& key) {
  std::istringstream lines(text);
  std::string line;
  bool inside = false;
  while (std::getline(lines, line)) {
    const std::string_view trimmed = Trim(line);
    if (trimmed.starts_with('[') && trimmed.ends_with(']')) {
      std::string_view name = Trim(trimmed.substr(1, trimmed.size() - 2));
      if (name.starts_with("profile ")) name = Trim(name.substr(8));
      inside = name == profile;
    } else if (inside && !line.starts_with(' ') && !line.starts_with('\t')) {
      // Indented lines are values of a nested section ("s3 =").
      const size_t equals = trimmed.find('=');
      if (equals != std::string_view::npos && Trim(trimmed.substr(0, equals)) == key) {
        return std::string(Trim(trimmed.substr(equals + 1)));
      }
    }
  }
  return "";
}

Result<S3Settings> S3Settings::Find(const StorageOptions& storage) {
  const std::string config = ReadConfigFile();
  std::string profile = FirstInEnvironment({"AWS_PROFILE", "AWS_DEFAULT_PROFILE"});
  if (profile.empty()) profile = "default";

  S3Settings settings;
  std::string endpoint = storage.s3_endpoint;
  if (endpoint.empty()) endpoint = FirstInEnvironment({"AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"});
  if (endpoint.empty()) endpoint = AwsConfigValue(config, profile, "endpoint_url");
  if (!endpoint.empty()) {
    ARROW_ASSIGN_OR_RAISE(settings.endpoint, CheckedEndpoint(std::move(endpoint)));
  }

  settings.region = storage.s3_region;
  if (settings.region.empty()) {
    settings.region = FirstInEnvironment({"AWS_REGION", "AWS_DEFAULT_REGION"});
  }
  if (settings.region.empty()) settings.region = AwsConfigValue(config, profile, "region");
  if (settings.region.empty()) {
    settings.region = "us-east-1";
    settings.region_is_guess = true;
  }
  // A server of one's own may name its region as it likes, but in a header's line.
  if (settings.region.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                        "0123456789-._") != std::string::npos) {
    return Status::Invalid("S3 region: not the name of one: `", ShownText(settings.region), "`",
                           "\nhint: as eu-west-1: option `s3_region`, AWS_REGION or the profile");
  }
  return settings;
}

}  // namespace pomona
