#include "pomona/storage/instance_metadata.h"

#include <curl/curl.h>

#include <cstdlib>
#include <memory>

#include "pomona/base/environment.h"

namespace pomona {
namespace {

constexpr long kPatienceMs = 1'500;

size_t Ignore(char*, size_t, size_t size, void*) { return size; }

bool Answers(const std::string& url) {
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> easy(curl_easy_init(),
                                                                 curl_easy_cleanup);
  if (easy == nullptr) return true;
  curl_easy_setopt(easy.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy.get(), CURLOPT_WRITEFUNCTION, Ignore);
  curl_easy_setopt(easy.get(), CURLOPT_NOPROXY, "*");
  curl_easy_setopt(easy.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy.get(), CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy.get(), CURLOPT_TIMEOUT_MS, kPatienceMs);
  curl_easy_perform(easy.get());
  long status = 0;
  curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &status);
  return status != 0;
}

bool NobodyAsks() {
  const bool keys = !FirstInEnvironment({"AWS_ACCESS_KEY_ID"}).empty() &&
                    !FirstInEnvironment({"AWS_SECRET_ACCESS_KEY"}).empty();
  const bool region = !FirstInEnvironment({"AWS_REGION", "AWS_DEFAULT_REGION"}).empty();
  return (keys && region) || FirstInEnvironment({"AWS_EC2_METADATA_DISABLED"}) == "true";
}

}  // namespace

std::string MetadataEndpoint() {
  std::string named = FirstInEnvironment({"AWS_EC2_METADATA_SERVICE_ENDPOINT"});
  while (named.ends_with('/')) named.pop_back();
  return named.empty() ? "http://169.254.169.254" : named;
}

bool ProbeInstanceMetadata() {
  if (NobodyAsks() || Answers(MetadataEndpoint() + "/latest/meta-data/")) return true;
  setenv("AWS_EC2_METADATA_DISABLED", "true", /*overwrite=*/1);
  return false;
}

}  // namespace pomona
