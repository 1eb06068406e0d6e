#include "pomona/storage/client_version.h"

#include <curl/curl.h>

namespace pomona {

std::string HttpClientVersion() {
  const curl_version_info_data* info = curl_version_info(CURLVERSION_NOW);
  std::string version = info->version;
  if (info->ssl_version != nullptr) version += std::string(", ") + info->ssl_version;
  return version;
}

}  // namespace pomona
