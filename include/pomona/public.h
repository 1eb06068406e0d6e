#pragma once

/// Goes before `pomona` where a public header opens that namespace: what is declared in it is
/// exported by the library, which hides everything else.
#define POMONA_PUBLIC [[gnu::visibility("default")]]
