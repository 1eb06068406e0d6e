#include <filesystem>
#include <system_error>

#include "pomona/base/environment.h"
#include "pomona/base/file_text.h"
#include "pomona/doctor/doctor_topics.h"
#include "pomona/storage/s3/settings.h"

namespace pomona {
namespace {

namespace fs = std::filesystem;

bool Exists(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

/// `variable`'s path, else `name` in ~/.aws.
std::string AwsFile(const char* variable, const char* name) {
  std::string path = FirstInEnvironment({variable});
  return path.empty() ? InHome(std::string("/.aws/") + name) : path;
}

/// How the profile would give keys: "profile NAME" with the way, or empty if it does not.
std::string ProfileOrigin(const std::string& profile) {
  const std::string credentials =
      FileText(AwsFile("AWS_SHARED_CREDENTIALS_FILE", "credentials")).ValueOr("");
  const std::string config = FileText(AwsFile("AWS_CONFIG_FILE", "config")).ValueOr("");
  const auto has = [&](const std::string& text, const char* key) {
    return !AwsConfigValue(text, profile, key).empty();
  };
  const std::string name = "profile " + profile;
  for (const std::string* text : {&credentials, &config}) {
    if (has(*text, "aws_access_key_id") && has(*text, "aws_secret_access_key")) return name;
  }
  if (has(config, "credential_process") || has(credentials, "credential_process")) {
    return name + " (its credential_process)";
  }
  if (has(config, "web_identity_token_file")) return name + " (its web identity)";
  if (has(config, "sso_session") || has(config, "sso_start_url")) return name + " (its SSO login)";
  if (has(config, "role_arn")) return name + " (its role)";
  return "";
}

/// In the order in which the AWS SDK looks.
Finding Credentials(const StorageOptions& storage) {
  const auto finding = [](std::string value, FindingLevel level = FindingLevel::kOk,
                          std::string hint = "") {
    return Finding{"s3", "credentials", std::move(value), level, std::move(hint)};
  };
  if (storage.s3_anonymous) return finding("none: requests are not signed");
  if (!storage.s3_access_key.empty()) return finding("options");
  const bool key = !FirstInEnvironment({"AWS_ACCESS_KEY_ID"}).empty();
  const bool secret = !FirstInEnvironment({"AWS_SECRET_ACCESS_KEY"}).empty();
  if (key && secret) return finding("environment");
  if (key || secret) {
    return finding(
        "environment, incomplete", FindingLevel::kProblem,
        std::string(key ? "AWS_SECRET_ACCESS_KEY" : "AWS_ACCESS_KEY_ID") + " is missing");
  }
  const std::string profile = FirstInEnvironment({"AWS_PROFILE", "AWS_DEFAULT_PROFILE"});
  const bool named = !profile.empty();
  const std::string origin = ProfileOrigin(named ? profile : "default");
  if (!origin.empty()) return finding(origin);
  if (named) {
    return finding("profile " + profile + ", without keys", FindingLevel::kProblem,
                   "AWS_PROFILE names a profile that has no credentials in ~/.aws/credentials or "
                   "~/.aws/config");
  }
  const std::string token = FirstInEnvironment({"AWS_WEB_IDENTITY_TOKEN_FILE"});
  if (!token.empty() && !FirstInEnvironment({"AWS_ROLE_ARN"}).empty()) {
    if (Exists(token)) return finding("web identity");
    return finding("web identity, without its token", FindingLevel::kProblem,
                   "AWS_WEB_IDENTITY_TOKEN_FILE names a file that is not there");
  }
  if (!FirstInEnvironment({"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"}).empty() ||
      !FirstInEnvironment({"AWS_CONTAINER_CREDENTIALS_FULL_URI"}).empty()) {
    return finding("container role");
  }
  const std::string set_up =
      "for S3 set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY";
  if (FirstInEnvironment({"AWS_EC2_METADATA_DISABLED"}) == "true") {
    return finding("none", FindingLevel::kNote, set_up);
  }
  return finding(
      "instance role?", FindingLevel::kNote,
      "the role of an EC2 instance is asked for when a run starts; elsewhere, " + set_up);
}

/// Where Arrow looks for libhdfs.so, as far as the environment says.
std::string FindLibHdfs() {
  std::vector<fs::path> folders;
  if (auto dir = FirstInEnvironment({"ARROW_LIBHDFS_DIR"}); !dir.empty()) folders.emplace_back(dir);
  if (auto home = FirstInEnvironment({"HADOOP_HOME"}); !home.empty()) {
    folders.push_back(fs::path(home) / "lib/native");
  }
  for (const auto& folder : folders) {
    if (Exists(folder / "libhdfs.so")) return (folder / "libhdfs.so").string();
  }
  return "";
}

}  // namespace

std::vector<Finding> ExamineS3(const StorageOptions& storage) {
  std::vector<Finding> findings = {Credentials(storage)};
  const auto settings = S3Settings::Find(storage);
  if (!settings.ok()) {
    findings.push_back({"s3", "endpoint", settings.status().message(), FindingLevel::kProblem,
                        "AWS_ENDPOINT_URL or option `s3_endpoint` names it"});
    return findings;
  }
  findings.push_back({"s3", "endpoint", settings->endpoint.empty() ? "AWS" : settings->endpoint,
                      FindingLevel::kOk, ""});
  findings.push_back(
      {"s3", "region", settings->region, FindingLevel::kOk,
       settings->region_is_guess ? "nobody named one: a bucket elsewhere says so itself" : ""});
  return findings;
}

std::vector<Finding> ExamineHdfs() {
  const std::string library = FindLibHdfs();
  if (library.empty()) {
    return {{"hdfs", "libhdfs", "not found", FindingLevel::kNote,
             "only for hdfs://: ARROW_LIBHDFS_DIR names the folder of libhdfs.so, or HADOOP_HOME "
             "the one of Hadoop"}};
  }
  std::vector<Finding> findings = {{"hdfs", "libhdfs", library, FindingLevel::kOk, ""}};
  const std::string java = FirstInEnvironment({"JAVA_HOME"});
  if (java.empty()) {
    findings.push_back({"hdfs", "java", "JAVA_HOME is not set", FindingLevel::kNote,
                        "libhdfs needs a Java runtime; JAVA_HOME says where it is"});
  } else if (!Exists(java)) {
    findings.push_back({"hdfs", "java", java + " is not there", FindingLevel::kProblem,
                        "JAVA_HOME names the folder of a Java runtime"});
  } else {
    findings.push_back({"hdfs", "java", java, FindingLevel::kOk, ""});
  }
  const bool classpath = !FirstInEnvironment({"CLASSPATH"}).empty();
  findings.push_back({"hdfs", "classpath", classpath ? "set" : "not set",
                      classpath ? FindingLevel::kOk : FindingLevel::kNote,
                      classpath ? "" : "export CLASSPATH=$(hadoop classpath --glob)"});
  return findings;
}

}  // namespace pomona
