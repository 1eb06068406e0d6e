#include "pomona/storage/azure_file_system.h"

#include <arrow/filesystem/azurefs.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "pomona/base/environment.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;
using arrow::fs::AzureOptions;

constexpr std::string_view kDfs = ".dfs.";
constexpr std::string_view kBlob = ".blob.";

struct Address {
  std::string container;
  std::string account;
  std::string suffix;  // ".dfs.core.windows.net"
};

Result<Address> AddressOf(const std::string& authority) {
  const size_t at = authority.find('@');
  const size_t dot = authority.find('.', at == std::string::npos ? 0 : at);
  if (at == std::string::npos || at == 0 || dot == std::string::npos || dot == at + 1 ||
      !std::string_view(authority).substr(dot).starts_with(kDfs) ||
      authority.find(':') != std::string::npos) {
    // Not shown: what does not belong there may be a key.
    return BadAddress("not an address of a container",
                      "\nhint: abfs://CONTAINER@ACCOUNT.dfs.core.windows.net/folder");
  }
  return Address{authority.substr(0, at), authority.substr(at + 1, dot - at - 1),
                 authority.substr(dot)};
}

std::string Replaced(std::string text, std::string_view from, std::string_view to) {
  if (const size_t at = text.find(from); at != std::string::npos) text.replace(at, from.size(), to);
  return text;
}

// "https://account.blob.core.windows.net/" or "http://host:port/account".
Status SetEndpoint(const std::string& endpoint, AzureOptions* options) {
  const std::string_view text = endpoint;
  const size_t scheme = text.find("://");
  std::string_view host = scheme == std::string_view::npos ? "" : text.substr(scheme + 3);
  std::string_view path = host.substr(std::min(host.find('/'), host.size()));
  host.remove_suffix(path.size());
  while (path.ends_with('/')) path.remove_suffix(1);
  const std::string& account = options->account_name;
  if ((!text.starts_with("http://") && !text.starts_with("https://")) || host.empty() ||
      host.find_first_of("@?# \t\r\n") != std::string_view::npos ||
      (!path.empty() && path.substr(1) != account)) {
    return Status::Invalid("AZURE_STORAGE_SERVICE_ENDPOINT: not an endpoint of account ", account,
                           "\nhint: http://host:port/", account);
  }
  const bool in_host = path.empty() && host.starts_with(account + ".");
  const std::string authority(in_host ? host.substr(account.size()) : host);
  options->blob_storage_authority = Replaced(authority, kDfs, kBlob);
  options->dfs_storage_authority = Replaced(authority, kBlob, kDfs);
  options->blob_storage_scheme = options->dfs_storage_scheme = endpoint.substr(0, scheme);
  return Status::OK();
}

// Once more in words of ours: the SDK's may show the key.
Status SetCredentials(AzureOptions* options) {
  if (const auto key = FirstInEnvironment({"AZURE_STORAGE_KEY"}); !key.empty()) {
    if (options->ConfigureAccountKeyCredential(key).ok()) return Status::OK();
    return Status::Invalid("AZURE_STORAGE_KEY: not a key of a storage account");
  }
  return options->ConfigureDefaultCredential();
}

}  // namespace

Result<FileLocation> OpenAzureFileSystem(const Uri& uri) {
  ARROW_ASSIGN_OR_RAISE(const Address address, AddressOf(uri.authority));
  AzureOptions options;
  options.account_name = address.account;
  options.dfs_storage_authority = address.suffix;
  options.blob_storage_authority = Replaced(address.suffix, kDfs, kBlob);
  const std::string endpoint = FirstInEnvironment({"AZURE_STORAGE_SERVICE_ENDPOINT"});
  if (!endpoint.empty()) ARROW_RETURN_NOT_OK(SetEndpoint(endpoint, &options));
  ARROW_RETURN_NOT_OK(SetCredentials(&options));
  ARROW_ASSIGN_OR_RAISE(auto filesystem, arrow::fs::AzureFileSystem::Make(options));
  std::string path = address.container;
  if (uri.path != "/") path += uri.path;
  return FileLocation{std::move(filesystem), std::move(path)};
}

}  // namespace pomona
