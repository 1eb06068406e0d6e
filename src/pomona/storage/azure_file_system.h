#pragma once

#include <arrow/result.h>

#include "pomona/storage/filesystem.h"
#include "pomona/storage/uri.h"

namespace pomona {

/// OpenFileSystem for Azure storage: Arrow's client. The address is Hadoop's,
/// abfs://CONTAINER@ACCOUNT.dfs.core.windows.net/folder, in any cloud; always HTTPS, but at an
/// endpoint that says otherwise. Path: "container/name".
///
/// Credentials and endpoint are found where the `az` command finds them: AZURE_STORAGE_KEY, else
/// the SDK's default chain; AZURE_STORAGE_SERVICE_ENDPOINT ("http://host:port/account") stands for
/// the address's host. No shared access signatures: Arrow's messages would show them, as they are
/// part of its URLs. Connects to nothing.
///
/// Invalid: another kind of address, a key that is none, an endpoint that is none; no message
/// holds a secret.
arrow::Result<FileLocation> OpenAzureFileSystem(const Uri& uri);

}  // namespace pomona
