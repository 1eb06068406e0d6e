#pragma once

#include <arrow/result.h>

#include <filesystem>
#include <string>
#include <vector>

#include "pomona/model.h"

namespace pomona {

/// Folders that hold models, `ROOT/NAME/` with a network and its card.json, first found
/// first: those of POMONA_MODELS, the user's, and the install's, which is found from where
/// this library lies.
std::vector<std::filesystem::path> CatalogueRoots();

/// $XDG_DATA_HOME/pomona/models, or ~/.local/share/pomona/models. Empty: no home.
std::filesystem::path UserCatalogue();

/// The install's share/pomona folder: data that came with the library.
std::filesystem::path ShareFolder();

/// The network in folder `root/name`, under that name. KeyError if there is none.
arrow::Result<Model> ReadCatalogueModel(const std::filesystem::path& root, const std::string& name);

/// Where the card of the network at `path` is looked for: PATH.card.json if it exists, else
/// card.json in the folder.
std::filesystem::path CardBeside(const std::filesystem::path& path);
/// The same for int8.json.
std::filesystem::path Int8FileBeside(const std::filesystem::path& path);

/// The network at a path given by a person: a file, or a folder with a model in it.
arrow::Result<Model> ReadModelAt(const std::filesystem::path& path);

}  // namespace pomona
