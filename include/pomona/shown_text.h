#pragma once

#include <string>
#include <string_view>

#include "pomona/public.h"

namespace POMONA_PUBLIC pomona {

/// Text that is not ours (a file's name, a card, words of a server), for people to read on one line
/// of a terminal: controls, line breaks, what turns the direction of writing and bytes that are not
/// UTF-8 become visible, as "\n", "\x1b" or "\u202e". The rest stays as it is, backslashes too.
std::string ShownText(std::string_view text);

/// A URI or path as messages and reports show it: ShownText without credentials. Users and
/// passwords before the host, and signatures and tokens behind a question mark, become "***"; what
/// is none (the container of an abfs:// address, the user of an hdfs:// one) stays. `text` may hold
/// other words around any number of URIs.
std::string ShownUri(std::string_view text);

/// A whole message of ours on its way to people, whatever it was made of: as ShownUri, but for the
/// line breaks of ours, which stay: before the last "hint: ", and of lists, whose lines begin with
/// two spaces.
std::string ShownMessage(std::string_view message);

}  // namespace pomona
