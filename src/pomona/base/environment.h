#pragma once

#include <initializer_list>
#include <string>

namespace pomona {

/// The value of the first of these environment variables that is set and not empty, else "". An
/// empty variable is an unset one, for all that we read: this is the only place that asks the
/// environment, and docs/guides/environment.md has all names.
std::string FirstInEnvironment(std::initializer_list<const char*> names);

/// The user's home folder plus `below` ("/.aws/config"); empty where HOME is unset or relative.
std::string InHome(const std::string& below);

}  // namespace pomona
